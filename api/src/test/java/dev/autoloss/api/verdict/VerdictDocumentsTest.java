package dev.autoloss.api.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictDocumentsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> OPTIONAL =
      Set.of("ledger", "image", "device", "dataDigest", "reason", "comparison", "signFlip");

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = folder.resolve("verdict.json");
  }

  private static DetectorTrainingSpec training(String loss) throws DocumentException {
    Document document =
        DocumentReader.read(
            "test",
            """
            apiVersion: autoloss.dev/v1alpha1
            kind: DetectorTraining
            metadata: {name: one}
            spec:
              detector: {backbone: Small}
              dataset: {source: {shapes: {}}}
              loss: {regression: {expression: "%s"}}
            """
                .formatted(loss));
    return Objects.requireNonNull(((Document.Training) document).resource().getSpec(), "spec");
  }

  private static VerdictArm arm(String name, String loss, double ap) throws DocumentException {
    var empty = new VerdictArm(name, training(loss), List.of());
    var scores = new ArrayList<VerdictScore>();
    for (long seed = 1; seed < 4; seed++) {
      scores.add(
          new VerdictScore(
              seed, SpecHash.of(empty.training(seed)), Outcome.SCORED, ap + seed / 100.0, "d1"));
    }
    scores.add(new VerdictScore(9, SpecHash.of(empty.training(9)), Outcome.DIVERGED, null, null));
    return new VerdictArm(name, empty.training(), scores);
  }

  private static VerdictFile verdict() throws DocumentException {
    return new VerdictFile(
        VerdictFile.FORMAT,
        "0.1.0",
        "quickstart",
        7,
        "ab12",
        "registry/trainer@sha256:1",
        "CPU, 1 threads",
        true,
        0.05,
        List.of(arm("g2-c1", "Sub(1,Div(I,U))", 0.4)),
        List.of(arm("g0-c0", "Sub(1,Div(I,E))", 0.3)),
        new VerdictResult(
            "Confirmed",
            "none",
            new VerdictComparison("g2-c1", "g0-c0", 4, .1, 0.01, .08, .12, .9, .001, .0625)));
  }

  @Test
  void readsWhatWasWritten() throws IOException, DocumentException {
    VerdictDocuments.write(file, verdict());
    assertEquals(verdict(), VerdictDocuments.read(file));
    assertFalse(Files.exists(folder.resolve("verdict.json.new")));
  }

  /**
   * Every field, taken away, made null or of another kind, is named in the one line that follows.
   */
  @Test
  void aDamagedFieldIsNamed() throws IOException, DocumentException {
    ObjectNode whole = MAPPER.valueToTree(verdict());
    var paths = new ArrayList<List<Object>>();
    fields(whole, List.of(), paths);
    assertTrue(paths.size() > 50, "fields " + paths.size());
    for (List<Object> path : paths) {
      String name = path.getLast().toString();
      if (!OPTIONAL.contains(name)) {
        assertNames(name, path, without(whole, path, null));
      }
      assertNames(name, path, without(whole, path, MAPPER.nullNode()));
      assertNames(name, path, without(whole, path, MAPPER.createArrayNode().add(true)));
    }
  }

  private static void fields(JsonNode node, List<Object> path, List<List<Object>> paths) {
    if (path.contains("training")) {
      return;
    }
    for (var field : node.properties()) {
      var inner = new ArrayList<>(path);
      inner.add(field.getKey());
      paths.add(inner);
      fields(field.getValue(), inner, paths);
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      var inner = new ArrayList<>(path);
      inner.add(i);
      fields(node.get(i), inner, paths);
    }
  }

  private static JsonNode without(ObjectNode whole, List<Object> path, JsonNode value) {
    ObjectNode copy = whole.deepCopy();
    JsonNode at = copy;
    for (Object part : path.subList(0, path.size() - 1)) {
      at = part instanceof Integer index ? at.get(index) : at.get(part.toString());
    }
    String name = path.getLast().toString();
    if (value == null) {
      ((ObjectNode) at).remove(name);
    } else {
      ((ObjectNode) at).set(name, value);
    }
    return copy;
  }

  private void assertNames(String name, List<Object> path, JsonNode damaged) throws IOException {
    Files.writeString(file, damaged.toString());
    var wrong =
        assertThrows(
            DocumentException.class, () -> VerdictDocuments.read(file), () -> path.toString());
    assertEquals(1, wrong.lines().size(), () -> wrong.lines().toString());
    String line = wrong.lines().getFirst();
    assertTrue(line.startsWith(file.toString()) && line.contains(name), line);
  }

  @Test
  void saysWhatWasExpected() throws IOException, DocumentException {
    ObjectNode whole = MAPPER.valueToTree(verdict());
    assertLine(
        "controls[0].scores[1].ap: expected a number in 0..1",
        without(
            whole,
            List.of("controls", 0, "scores", 1, "ap"),
            MAPPER.getNodeFactory().numberNode(1.5)));
    assertLine(
        "level: expected between 0 and 0.5, found 0.5",
        without(whole, List.of("level"), MAPPER.getNodeFactory().numberNode(0.5)));
    assertLine(
        "format: expected autoloss.dev/verdict-v1, found autoloss.dev/verdict-v2",
        without(
            whole, List.of("format"), MAPPER.getNodeFactory().textNode("autoloss.dev/verdict-v2")));
    assertLine(
        "finalists[0].name: expected at most 63 small letters, digits and -",
        without(
            whole,
            List.of("finalists", 0, "name"),
            MAPPER.getNodeFactory().textNode("../../etc/x")));
    assertLine(
        "controls[0].name: expected each name once, found g2-c1 again",
        without(whole, List.of("controls", 0, "name"), MAPPER.getNodeFactory().textNode("g2-c1")));
    assertLine(
        "verdict.wat: unknown field",
        without(whole, List.of("verdict", "wat"), MAPPER.getNodeFactory().numberNode(1)));
    ObjectNode twice = whole.deepCopy();
    ArrayNode scores = (ArrayNode) twice.get("finalists").get(0).get("scores");
    scores.add(scores.get(0).deepCopy());
    assertLine("finalists[0].scores[4].seed: expected each seed once, found it again", twice);
    ObjectNode training = whole.deepCopy();
    ((ObjectNode) training.get("finalists").get(0).get("training").get("schedule"))
        .put("epochs", -3);
    Files.writeString(file, training.toString());
    var wrong = assertThrows(DocumentException.class, () -> VerdictDocuments.read(file));
    assertTrue(
        wrong
            .lines()
            .getFirst()
            .startsWith(file + ": finalists[0].training:1: spec.schedule.epochs"),
        wrong.lines().getFirst());
  }

  private void assertLine(String line, JsonNode damaged) throws IOException {
    Files.writeString(file, damaged.toString());
    var wrong = assertThrows(DocumentException.class, () -> VerdictDocuments.read(file));
    assertEquals(List.of(file + ": " + line), wrong.lines());
  }

  @Test
  void whatIsNoVerdictAtAllGetsOneLine() throws IOException {
    assertStarts(": expected a verdict file, there is none");
    Files.writeString(file, "");
    assertStarts(": expected an object");
    Files.writeString(file, "{\"format\":\"a\"} {}");
    assertStarts(":1: expected JSON: ");
    Files.writeString(file, "{\"format\":\"a\",\"format\":\"b\"}");
    assertStarts(":1: expected JSON: Duplicate field 'format'");
    Files.writeString(file, "[".repeat(100_000));
    assertStarts(": expected JSON: Document nesting depth");
    Files.writeString(file, " ".repeat((8 << 20) + 1));
    assertStarts(": expected at most 8 MiB");
    Files.writeString(file, "{\"format\":\"\\u001b[2J\"}");
    assertStarts(": format: expected a line of at most 4096 letters");
    Files.delete(file);
    Files.createDirectory(file);
    assertStarts(": expected a verdict file, it is a folder");
  }

  private void assertStarts(String rest) {
    var wrong = assertThrows(DocumentException.class, () -> VerdictDocuments.read(file));
    assertEquals(1, wrong.lines().size());
    assertTrue(wrong.lines().getFirst().startsWith(file + rest), wrong.lines().getFirst());
  }

  @Test
  void noDamageOfTheBytesEndsInAnythingButALine() throws IOException, DocumentException {
    long seed = 31;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    VerdictDocuments.write(file, verdict());
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int run = 0; run < 120; run++) {
      byte[] damaged =
          run % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length - 2)) : whole.clone();
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        var _ = VerdictDocuments.read(file);
      } catch (DocumentException expected) {
        refused++;
        assertFalse(expected.lines().getFirst().contains("\n"), "run " + run + ", seed " + seed);
      }
    }
    assertTrue(refused >= 60, "refused " + refused + ", seed " + seed);
  }
}
