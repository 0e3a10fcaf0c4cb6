package dev.autoloss.e2e.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.document.Immutability;
import dev.autoloss.api.document.Mistake;
import dev.autoloss.local.command.AutolossCommand;
import dev.autoloss.operator.losssearch.SearchSpecs;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code ./autoloss run} says of the documents that an API server judges, too. */
class DocumentVerdictsTest {
  /** No measurement: what takes this long here took time that grew squared. */
  private static final Duration HANG = Duration.ofSeconds(5);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;

  static Stream<Fixture> valid() {
    return Fixture.all("valid");
  }

  static Stream<Fixture> invalid() {
    return Fixture.all("invalid");
  }

  static Stream<Fixture> updates() {
    return Fixture.all("update");
  }

  @Test
  void thereAreEnough() {
    assertTrue(valid().count() >= 20);
    assertTrue(invalid().count() >= 60);
    assertTrue(updates().count() >= 30);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidDocumentIsTaken(Fixture fixture) throws Exception {
    if (DocumentReader.read(fixture.file()) instanceof Document.Search search) {
      SearchSpecs.of(search.resource());
    }
  }

  private record Answer(int exitCode, List<String> lines) {}

  private Answer run(Path file) {
    PrintStream before = System.err;
    var err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code =
          AutolossCommand.run("run", file.toString(), "--work", folder.resolve("work").toString());
      return new Answer(code, err.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setErr(before);
    }
  }

  /** The field of {@code error: FILE:LINE: FIELD: message}; empty where it names none. */
  private static String field(String line, Path file) {
    String rest = line.substring(("error: " + file).length()).replaceFirst("^(:\\d+)?: ", "");
    boolean named = rest.matches("(spec|metadata|kind|apiVersion)\\b.*");
    return named ? rest.substring(0, rest.indexOf(": ")) : "";
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidOneIsRefusedWithTheFieldsThatTheServerNames(Fixture fixture) {
    Answer answer = run(fixture.file());
    assertEquals(2, answer.exitCode(), answer::toString);
    String start = "error: " + fixture.file();
    assertTrue(answer.lines().stream().allMatch(line -> line.startsWith(start)), answer::toString);
    Set<String> fields =
        answer.lines().stream()
            .map(line -> field(line, fixture.file()))
            .collect(Collectors.toSet());
    assertEquals(Set.copyOf(fixture.fields()), fields, answer::toString);
    String says = fixture.says().orElseThrow();
    assertTrue(answer.lines().stream().anyMatch(line -> line.contains(says)), answer::toString);
    assertTrue(Files.notExists(folder.resolve("work")), "nothing was begun");
  }

  @ParameterizedTest
  @MethodSource("updates")
  void anUpdateIsJudgedAsTheServerJudgesIt(Fixture fixture) throws Exception {
    List<Mistake> mistakes =
        Immutability.mistakes(
            fixture.isTraining() ? "DetectorTraining" : "LossSearch",
            spec(fixture, 0),
            spec(fixture, 1));
    assertEquals(fixture.fields(), mistakes.stream().map(Mistake::path).toList());
  }

  private static JsonNode spec(Fixture fixture, int version) throws DocumentException {
    return switch (DocumentReader.read(fixture + "", fixture.versions().get(version))) {
      case Document.Search search -> MAPPER.valueToTree(search.resource().getSpec());
      case Document.Training training -> MAPPER.valueToTree(training.resource().getSpec());
    };
  }

  @Test
  void aHugeExpressionCostsMilliseconds() throws Exception {
    Path file = folder.resolve("huge.yaml");
    String head =
        """
        apiVersion: autoloss.dev/v1alpha1
        kind: LossSearch
        metadata: {name: huge}
        spec:
          dataset: {source: {shapes: {}}}
          evolution: {initial: [{regression: {expression: "%s"}}]}
        """;
    Files.writeString(file, head.formatted("Add(1,".repeat((10 << 20) / 6)));
    assertTimeout(
        Duration.ofSeconds(2),
        () ->
            assertEquals(
                List.of("error: " + file + ": expected at most 3 MiB"), run(file).lines()));
    // As large as a file may be, and as a line may be.
    assertRefused(head, 500_000, "large.yaml:6: expected at most 262144 characters in a line");
    assertRefused(head, 40_000, "expected 1 to 4096 characters, found 240000");
  }

  private static void assertRefused(String head, int repetitions, String says) {
    String large = head.formatted("Add(1,".repeat(repetitions));
    DocumentException refused =
        assertTimeout(
            HANG,
            () ->
                assertThrows(
                    DocumentException.class, () -> DocumentReader.read("large.yaml", large)));
    assertTrue(refused.lines().getFirst().contains(says), refused::getMessage);
  }
}
