package dev.autoloss.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.List;

/** YAML as trees. */
final class Yaml {
  static final ObjectMapper MAPPER = new ObjectMapper(new YAMLFactory());

  private Yaml() {}

  /** The documents of a text; empty ones are left out. */
  static List<JsonNode> documents(String text) throws IOException {
    try (MappingIterator<JsonNode> all = MAPPER.readerFor(JsonNode.class).readValues(text)) {
      return all.readAll().stream().filter(JsonNode::isObject).toList();
    }
  }

  /** The only document of a kind, with a name. */
  static JsonNode only(List<JsonNode> documents, String kind, String name) {
    List<JsonNode> found =
        documents.stream()
            .filter(one -> kind.equals(one.path("kind").asText()))
            .filter(one -> name.equals(one.at("/metadata/name").asText()))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind + " " + name);
    }
    return found.getFirst();
  }
}
