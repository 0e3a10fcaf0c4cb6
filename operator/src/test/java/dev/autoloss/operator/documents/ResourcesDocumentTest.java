package dev.autoloss.operator.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/resources.md} names every field of the CRDs. */
class ResourcesDocumentTest {
  private static final String FILE = "resources.md";

  /** Kubernetes' own structures, which its reference explains. */
  private static final Set<String> FOREIGN =
      Set.of(
          "affinity",
          "tolerations",
          "env",
          "envFrom",
          "resources",
          "imagePullSecrets",
          "conditions");

  private final Map<JsonNode, String> told = new HashMap<>();
  private final StringBuilder table = new StringBuilder();

  @Test
  void fields() throws IOException {
    JsonNode search = schema("losssearches");
    JsonNode training = schema("detectortrainings");
    told.clear();
    check("LossSearch.spec", search.path("spec"));
    check("DetectorTraining.spec", training.path("spec"));
    check("LossSearch.status", search.path("status"));
    check("DetectorTraining.status", training.path("status"));
  }

  private static JsonNode schema(String plural) throws IOException {
    Path file = Path.of("..", "crds", plural + ".autoloss.dev.yaml");
    return new ObjectMapper(new YAMLFactory())
        .readTree(file.toFile())
        .at("/spec/versions/0/schema/openAPIV3Schema/properties");
  }

  private void check(String part, JsonNode schema) throws IOException {
    table.setLength(0);
    table.append("| field | type | default | meaning |\n|---|---|---|---|\n");
    walk(part, "", schema);
    Regions.assertUpToDate(FILE, part, table.toString());
  }

  private void walk(String part, String path, JsonNode schema) {
    Set<String> required = Set.copyOf(texts(schema.path("required")));
    for (var property : schema.path("properties").properties()) {
      String field = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      JsonNode node = property.getValue();
      JsonNode items = node.path("items");
      JsonNode inner = node.has("properties") ? node : items;
      boolean open = inner.has("properties") && !FOREIGN.contains(property.getKey());
      String earlier = open ? told.get(inner.path("properties")) : null;
      row(
          field + (items.has("properties") ? "[]" : ""),
          node,
          required.contains(property.getKey()),
          earlier);
      if (open && earlier == null) {
        told.put(inner.path("properties"), part + "." + field);
        walk(part, field + (items.has("properties") ? "[]" : ""), inner);
      }
    }
  }

  private void row(String field, JsonNode node, boolean required, String earlier) {
    String fallback =
        node.has("default") ? "`" + node.get("default") + "`" : required ? "required" : "";
    if ("`{}`".equals(fallback)) {
      fallback = "";
    }
    String meaning = node.path("description").asText();
    table.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(
                field,
                type(node),
                fallback,
                earlier == null ? meaning : meaning + " Fields as in `" + earlier + "`."));
  }

  private static String type(JsonNode node) {
    if (node.has("enum")) {
      return String.join(
          " or ", texts(node.get("enum")).stream().filter(one -> !"null".equals(one)).toList());
    }
    String type = node.path("type").asText("any");
    if ("array".equals(type)) {
      return "list of " + type(node.path("items")) + limits(node, "minItems", "maxItems", " items");
    }
    if (node.has("additionalProperties")) {
      return "map to " + type(node.path("additionalProperties"));
    }
    return type
        + limits(node, "minimum", "maximum", "")
        + limits(node, "minLength", "maxLength", " characters");
  }

  private static String limits(JsonNode node, String least, String most, String unit) {
    if (!node.has(least) && !node.has(most)) {
      return "";
    }
    String low = number(node.path(least));
    String high = number(node.path(most));
    if (high.isEmpty()) {
      return ", at least " + low + unit;
    }
    return low.isEmpty() ? ", at most " + high + unit : ", " + low + " to " + high + unit;
  }

  private static String number(JsonNode node) {
    return node.isMissingNode() ? "" : node.decimalValue().stripTrailingZeros().toPlainString();
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(one -> texts.add(one.asText()));
    return texts;
  }
}
