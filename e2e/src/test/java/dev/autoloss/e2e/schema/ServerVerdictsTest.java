package dev.autoloss.e2e.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.operator.losssearch.InvalidSpecException;
import dev.autoloss.operator.losssearch.SearchSpecs;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents as a real API server judges them. */
class ServerVerdictsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private static RealServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RealServer.startOrSkip();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  static Stream<Fixture> valid() {
    return Fixture.all("valid");
  }

  static Stream<Fixture> invalid() {
    return Fixture.all("invalid");
  }

  static Stream<Fixture> updates() {
    return Fixture.all("update");
  }

  /** The defaults, too, are the same: those of the server, and those of one machine. */
  @ParameterizedTest
  @MethodSource("valid")
  void aValidDocumentIsTakenAsItIsReadWithoutAServer(Fixture fixture) throws Exception {
    RealServer.Answer answer = server.create(fixture.isTraining(), fixture.text(), true);
    assertEquals(201, answer.code(), answer::message);
    Object read =
        switch (DocumentReader.read(fixture.file())) {
          case Document.Search search -> search.resource().getSpec();
          case Document.Training training -> training.resource().getSpec();
        };
    JsonNode taken =
        JSON.valueToTree(JSON.convertValue(answer.body().path("spec"), read.getClass()));
    assertEquals(JSON.valueToTree(read), taken);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidOneIsRefusedWithItsFields(Fixture fixture) throws Exception {
    RealServer.Answer answer = server.create(fixture.isTraining(), fixture.text(), true);
    if (fixture.serverAccepts()) {
      assertEquals(201, answer.code(), answer::message);
      refusedByTheOperator(fixture, answer.body());
      return;
    }
    assertTrue(answer.code() == 400 || answer.code() == 422, answer::toString);
    if (fixture.serverNamesTheField()) {
      Set<String> fields = answer.fields();
      String first = fixture.fields().getFirst();
      String last = "*." + first.substring(first.lastIndexOf('.') + 1);
      assertTrue(
          fields.equals(Set.copyOf(fixture.fields())) || fields.equals(Set.of(last)),
          () -> "expected " + fixture.fields() + ", found " + fields + ": " + answer.message());
    }
  }

  private static void refusedByTheOperator(Fixture fixture, JsonNode stored) throws Exception {
    LossSearch search = JSON.treeToValue(stored, LossSearch.class);
    InvalidSpecException refused =
        assertThrows(InvalidSpecException.class, () -> SearchSpecs.of(search));
    String start = fixture.fields().getFirst() + ": ";
    assertTrue(refused.lines().getFirst().startsWith(start), refused.lines()::toString);
    assertTrue(
        refused
            .lines()
            .getFirst()
            .contains(fixture.says().orElseThrow().replaceFirst(".*\\), ", "")),
        refused.lines()::toString);
  }

  @ParameterizedTest
  @MethodSource("updates")
  void anUpdateIsJudged(Fixture fixture) throws Exception {
    boolean training = fixture.isTraining();
    RealServer.Answer made = server.create(training, fixture.versions().getFirst(), false);
    assertEquals(201, made.code(), made::message);
    try {
      var after = (ObjectNode) YAML.readTree(fixture.versions().get(1));
      ((ObjectNode) after.path("metadata"))
          .set("resourceVersion", made.body().path("metadata").path("resourceVersion"));
      RealServer.Answer answer =
          server.replace(training, "fixture", JSON.writeValueAsString(after), false);
      assertEquals(fixture.fields().isEmpty() ? 200 : 422, answer.code(), answer::message);
      assertEquals(Set.copyOf(fixture.fields()), answer.fields(), answer::message);
    } finally {
      server.delete(training, "fixture");
    }
  }

  @Test
  void aHugeDocumentIsRefusedAndTheServerGoesOn() {
    String huge =
        Fixture.all("valid").findFirst().orElseThrow().text() + "# " + "x".repeat(10 << 20) + "\n";
    assertEquals(413, server.create(false, huge, true).code());
    assertEquals(200, server.get(RealServer.path(false)).code());
  }
}
