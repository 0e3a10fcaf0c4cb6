package dev.autoloss.local.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.verdict.VerdictDocuments;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.operator.resource.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictCheckTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double[] BASELINE = {.363, .352, .374, .36, .35};
  private static final double[] TWICE = {.368, .361, .380, .371, .359};
  private static final double[] BETTER = {.389, .38, .40, .394, .377};

  @TempDir private Path folder;

  private static LossSearch search() throws DocumentException {
    return search("{source: {shapes: {}}}");
  }

  private static LossSearch search(String dataset) throws DocumentException {
    return ((Document.Search)
            DocumentReader.read(
                "test",
                """
                apiVersion: autoloss.dev/v1alpha1
                kind: LossSearch
                metadata: {name: small}
                spec:
                  seed: 5
                  finalists: {}
                  dataset: %s
                """
                    .formatted(dataset)))
        .resource();
  }

  /** A training as it stands at the end, its status as a cluster would give it. */
  static DetectorTraining training(String trial, String loss, long seed, String status)
      throws DocumentException, IOException {
    DetectorTraining training =
        ((Document.Training)
                DocumentReader.read(
                    "test",
                    """
                    apiVersion: autoloss.dev/v1alpha1
                    kind: DetectorTraining
                    metadata: {name: small-%s}
                    spec:
                      seed: %d
                      detector: {backbone: Small}
                      dataset: {source: {shapes: {}}}
                      loss: %s
                    """
                        .formatted(trial, seed, loss)))
            .resource();
    training.getMetadata().setAnnotations(Map.of(Labels.TRIAL, trial));
    return MAPPER.readValue(
        ((ObjectNode) MAPPER.valueToTree(training))
            .set("status", MAPPER.readTree(status))
            .toString(),
        DetectorTraining.class);
  }

  private static String scored(double ap) {
    return """
    {"outcome": "Scored", "dataDigest": "d1", "device": "CPU, 1 threads", "metrics": {"AP": %s,
     "AP50": 0, "AP75": 0, "APs": 0, "APm": 0, "APl": 0, "AR1": 0, "AR10": 0, "AR100": 0,
     "ARs": 0, "ARm": 0, "ARl": 0}}
    """
        .formatted(ap);
  }

  private static List<DetectorTraining> trainings() throws DocumentException, IOException {
    var all = new ArrayList<DetectorTraining>();
    all.add(training("g1-c0-p0", "{}", 3, scored(.9)));
    for (int i = 0; i < BASELINE.length; i++) {
      String seeds = "-f" + i;
      all.add(training("g0-c0" + seeds, "{}", 100 + i, scored(BASELINE[i])));
      all.add(
          training(
              "g0-c1" + seeds,
              "{regression: {catalogue: GIoU, weight: 2}}",
              100 + i,
              scored(TWICE[i])));
      all.add(
          training(
              "g2-c1" + seeds,
              "{regression: {expression: \"Sub(1,Div(I,U))\"}}",
              100 + i,
              scored(BETTER[i])));
    }
    all.add(training("g2-c3-f0", "{}", 100, "{\"outcome\": \"Lost\"}"));
    all.add(training("g2-c4-f0", "{}", 100, "{\"outcome\": \"Diverged\"}"));
    return all;
  }

  private static VerdictFile file() throws DocumentException, IOException {
    return VerdictOfSearch.of(search(), trainings(), "0.1.0").orElseThrow();
  }

  @Test
  void finalistsAndControlsAreToldByGeneration() throws DocumentException, IOException {
    VerdictFile file = file();
    assertEquals(
        List.of("g2-c1", "g2-c3", "g2-c4"),
        file.finalists().stream().map(arm -> arm.name()).toList());
    assertEquals(
        List.of("g0-c0", "g0-c1"), file.controls().stream().map(arm -> arm.name()).toList());
    assertEquals(5, file.finalists().getFirst().scores().size());
    assertEquals(0, file.finalists().get(1).scores().size(), "a lost training says nothing");
    assertEquals(0, file.finalists().get(2).scores().getFirst().counted());
    assertEquals("Unconfirmed", file.verdict().result());
    assertEquals("NoTestSplit", file.verdict().reason());
    var of = file.verdict().comparison();
    assertEquals("g2-c1", of.finalist());
    assertEquals("g0-c1", of.control());
    assertEquals((.021 + .019 + .020 + .023 + .018) / 5, of.gain(), 1e-12);
    // Three finalists share the level.
    assertEquals(1 - .1 / 3, of.confidence(), 1e-12);
  }

  @Test
  void aSearchWithoutFinalistsHasNoVerdict() throws DocumentException, IOException {
    assertEquals(
        Optional.empty(),
        VerdictOfSearch.of(search(), List.of(training("g1-c0-p0", "{}", 3, scored(.9))), "0.1.0"));
  }

  @Test
  void theTestDecidesWhereThereIsOne() throws DocumentException, IOException {
    var trainings = new ArrayList<>(trainings());
    trainings.add(training("g2-c1-t0", "{}", 7, scored(.3)));
    LossSearch search =
        search(
            "{source: {persistentVolumeClaim: {claimName: d}}, train: {annotations: a, images: i},"
                + " validation: {annotations: a, images: i}, test: {annotations: a, images: i}}");
    VerdictFile file = VerdictOfSearch.of(search, trainings, "0.1.0").orElseThrow();
    assertTrue(file.heldOut());
    assertEquals(1, file.finalists().size());
    assertEquals("NoControl", file.verdict().reason());
  }

  @Test
  void whatWasWrittenAgreesWithItself() throws DocumentException, IOException {
    Path path = folder.resolve("verdict.json");
    VerdictDocuments.write(path, file());
    assertEquals(List.of(), VerdictCheck.contradictions(VerdictDocuments.read(path)));
  }

  /** Nobody can change a number, a loss or a seed without being found out. */
  @Test
  void anyChangeIsFoundOut() throws DocumentException, IOException {
    ObjectNode whole = MAPPER.valueToTree(file());
    assertFound(whole, "/finalists/0/scores/2", "ap", "0.41", "verdict.comparison.gain");
    assertFound(whole, "/controls/1/scores/2", "ap", "0.2", "verdict.comparison.control");
    assertFound(whole, "/finalists/0/scores/2", "seed", "77", "finalists[0].scores[2].specHash");
    assertFound(
        whole,
        "/finalists/0/training/loss/regression",
        "expression",
        "\"Sub(1,Div(I,E))\"",
        "finalists[0].scores[0].specHash");
    assertFound(
        whole, "/controls/1/training/schedule", "epochs", "3", "controls[1].training.schedule");
    assertFound(
        whole,
        "/controls/0/training/detector",
        "backbone",
        "\"ResNet18\"",
        "controls[0].training.detector");
    assertFound(
        whole, "/controls/0/scores/1", "dataDigest", "\"d2\"", "controls[0].scores[1].dataDigest");
    assertFound(whole, "", "heldOut", "true", "finalists[0].training.evaluateOn");
    assertFound(whole, "", "level", "0.2", "verdict.comparison.low");
    assertFound(whole, "/verdict", "result", "\"Confirmed\"", "verdict.result");
    assertFound(whole, "/verdict", "reason", "\"NoControl\"", "verdict.reason");
    for (String field : List.of("gain", "sd", "low", "high", "confidence", "p", "signFlip")) {
      assertFound(whole, "/verdict/comparison", field, "0.123", "verdict.comparison." + field);
    }
    assertFound(whole, "/verdict/comparison", "n", "6", "verdict.comparison.n");
  }

  private void assertFound(
      ObjectNode whole, String pointer, String field, String value, String place)
      throws IOException, DocumentException {
    JsonNode changed = whole.deepCopy();
    ((ObjectNode) changed.at(pointer)).set(field, MAPPER.readTree(value));
    Path path = folder.resolve("changed.json");
    Files.writeString(path, changed.toString());
    List<String> found = VerdictCheck.contradictions(VerdictDocuments.read(path));
    assertTrue(
        found.stream().anyMatch(line -> line.startsWith(place + ": ")),
        () -> place + " is not in " + found);
  }

  @Test
  void aControlMayHaveAnotherLearningRate() throws DocumentException, IOException {
    ObjectNode whole = MAPPER.valueToTree(file());
    ((ObjectNode) whole.at("/controls/1/training/schedule")).put("learningRate", 0.04);
    ((ObjectNode) whole.at("/finalists/0/training/schedule")).put("learningRate", 0.04);
    Path path = folder.resolve("changed.json");
    Files.writeString(path, whole.toString());
    List<String> found = VerdictCheck.contradictions(VerdictDocuments.read(path));
    assertTrue(
        found.contains("finalists[1].training.schedule: is not that of the first finalist"),
        found::toString);
    assertTrue(
        found.stream().noneMatch(line -> line.startsWith("controls[1].training.schedule")),
        found::toString);
  }

  @Test
  void aPersonReadsItInAFewLines() throws DocumentException, IOException {
    List<String> lines = VerdictText.lines(file());
    assertEquals(
        "verdict        Unconfirmed: the scores are of images that took part in choosing",
        lines.get(0));
    assertEquals(
        "gain           g2-c1 over g0-c1: +0.0202 AP, 97 % interval +0.0175 to +0.0229, n 5,"
            + " p 9.7e-06 (sign-flip p 0.031)",
        lines.get(1));
    assertEquals("finalist       g2-c1: AP 0.3880 ± 0.0096 of 5 seeds", lines.get(2));
    assertEquals(
        "               classification default · regression Sub(1,Div(I,U)) · learning rate 0.01",
        lines.get(3));
    assertTrue(lines.contains("finalist       g2-c4: AP 0.0000 ± ? of 1 seeds, 1 collapsed"));
    assertEquals(12, lines.size());
  }
}
