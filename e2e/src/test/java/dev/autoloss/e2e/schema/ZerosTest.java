package dev.autoloss.e2e.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.document.Immutability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A search is resumed by a client that writes the whole object and leaves out what is false, 0 or
 * empty, as typed clients of Go do with {@code omitempty}.
 */
class ZerosTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> BASES =
      List.of("search-least", "search-claim", "search-image", "search-nfs", "search-simulation");

  @Test
  void noFieldKeepsASearchFromBeingResumed() throws Exception {
    var tried = new TreeSet<String>();
    try (RealServer server = RealServer.startOrSkip()) {
      for (String base : BASES) {
        for (Field field : fields(DocumentReader.customResourceDefinitions().getFirst())) {
          ObjectNode search = base(base);
          search.withObject(field.around()).set(field.name(), field.zero());
          resume(server, search, base + " " + field.path(), tried, field.path());
        }
      }
    }
    assertTrue(tried.contains("/spec/training/accelerator/count"), tried::toString);
    assertTrue(tried.contains("/spec/evolution/rates/crossover"), tried::toString);
    assertTrue(tried.contains("/spec/simulation/schedule/flip"), tried::toString);
    assertTrue(tried.size() >= 45, tried::toString);
  }

  private record Field(String around, String name, JsonNode zero) {
    String path() {
      return around + "/" + name;
    }
  }

  /** All fields that can be false, 0 or empty as far as their type goes. */
  private static List<Field> fields(JsonNode crd) {
    var fields = new ArrayList<Field>();
    visit(crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec"), "/spec", fields);
    return fields;
  }

  private static void visit(JsonNode struct, String path, List<Field> fields) {
    for (Map.Entry<String, JsonNode> one : struct.path("properties").properties()) {
      JsonNode schema = one.getValue();
      if (schema.has("properties")) {
        visit(schema, path + "/" + one.getKey(), fields);
        continue;
      }
      switch (schema.path("type").asText()) {
        case "integer", "number" ->
            fields.add(new Field(path, one.getKey(), JSON.getNodeFactory().numberNode(0)));
        case "boolean" ->
            fields.add(new Field(path, one.getKey(), JSON.getNodeFactory().booleanNode(false)));
        case "string" ->
            fields.add(new Field(path, one.getKey(), JSON.getNodeFactory().textNode("")));
        case "array" -> fields.add(new Field(path, one.getKey(), JSON.createArrayNode()));
        default -> {}
      }
    }
  }

  private static ObjectNode base(String name) throws Exception {
    Path file = Path.of("src/test/resources/schema/valid", name + ".yaml");
    var search = (ObjectNode) new YAMLMapper().readTree(Files.readString(file));
    ((ObjectNode) search.path("spec")).put("suspend", true);
    return search;
  }

  private static void resume(
      RealServer server, ObjectNode search, String what, Set<String> tried, String path)
      throws Exception {
    RealServer.Answer made = server.create(false, JSON.writeValueAsString(search), false);
    if (made.code() == 422) {
      // The field can't be 0.
      return;
    }
    assertEquals(201, made.code(), () -> what + ": " + made.message());
    try {
      var update = (ObjectNode) made.body().deepCopy();
      boolean resumed = !path.equals("/spec/suspend");
      ((ObjectNode) update.path("spec")).put("suspend", !resumed);
      dropZeros(update);
      RealServer.Answer answer =
          server.replace(false, "fixture", JSON.writeValueAsString(update), false);
      assertEquals(200, answer.code(), () -> what + ": " + answer.message());
      tried.add(path);
      LossSearch before = JSON.treeToValue(made.body(), LossSearch.class);
      LossSearch after = JSON.treeToValue(answer.body(), LossSearch.class);
      LossSearch begun = Immutability.withZeros(after, Immutability.zeros(before));
      assertEquals(immutable(before), immutable(begun), what);
    } finally {
      server.delete(false, "fixture");
    }
  }

  private static List<Object> immutable(LossSearch search) {
    var spec = search.getSpec();
    return List.of(
        spec.seed(),
        spec.detector(),
        spec.dataset(),
        spec.space(),
        spec.evolution(),
        spec.training(),
        String.valueOf(spec.simulation()),
        String.valueOf(spec.finalists()));
  }

  private static void dropZeros(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> isZero(field.getValue()));
    }
    node.forEach(ZerosTest::dropZeros);
  }

  private static boolean isZero(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.decimalValue().signum() == 0;
      case STRING -> value.textValue().isEmpty();
      case BOOLEAN -> !value.booleanValue();
      case ARRAY -> value.isEmpty();
      default -> false;
    };
  }
}
