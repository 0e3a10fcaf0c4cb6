package dev.autoloss.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code values.yaml}, its schema and the chart's README say the same. */
class ValuesTest {
  private static final String BEGIN = "<!-- begin values -->\n";
  private static final String END = "<!-- end values -->";

  private static ValuesTable values() throws IOException {
    return new ValuesTable(Files.readString(Program.CHART.resolve("values.yaml")));
  }

  @Test
  void everyValueIsExplained() throws IOException {
    assertEquals(List.of(), values().unexplained());
  }

  /** With {@code -Ddocs.write=true} the table is written anew. */
  @Test
  void theReadmeListsThemAll() throws IOException {
    Path file = Program.CHART.resolve("README.md");
    String text = Files.readString(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    assertTrue(from >= BEGIN.length() && to >= from, "README.md has no table of values");
    String table = values().markdown();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, text.substring(0, from) + table + text.substring(to));
      return;
    }
    assertEquals(table, text.substring(from, to), "write it anew with -Ddocs.write=true");
  }

  @Test
  void theSchemaKnowsThemAllAndNoOthers() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Program.CHART.resolve("values.schema.json").toFile());
    ValuesTable values = values();
    var known = new TreeSet<String>();
    walk(schema, schema, "", known);
    known.remove("global");
    Set<String> missing = new TreeSet<>(values.paths());
    missing.removeAll(known);
    assertEquals(Set.of(), missing, "without a schema");
    Set<String> foreign =
        known.stream().filter(path -> !covered(path, values)).collect(Collectors.toSet());
    assertEquals(Set.of(), foreign, "in the schema only");
  }

  /** A value, a group of values, or a part of one. */
  private static boolean covered(String path, ValuesTable values) {
    return values.paths().stream()
        .anyMatch(
            known ->
                known.equals(path) || known.startsWith(path + ".") || path.startsWith(known + "."));
  }

  @Test
  void theSchemaIsClosed() throws IOException {
    JsonNode schema =
        new ObjectMapper().readTree(Program.CHART.resolve("values.schema.json").toFile());
    var open = new ArrayList<String>();
    closed(schema, "", open);
    assertEquals(List.of(), open, "objects that take any key");
  }

  private static void closed(JsonNode node, String path, List<String> open) {
    if (node.has("properties") && !node.path("additionalProperties").isBoolean()) {
      open.add(path);
    }
    node.properties().forEach(entry -> closed(entry.getValue(), path + "/" + entry.getKey(), open));
  }

  private static void walk(JsonNode root, JsonNode node, String path, Set<String> paths) {
    JsonNode schema = node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
    for (var property : schema.path("properties").properties()) {
      String name = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
      paths.add(name);
      walk(root, property.getValue(), name, paths);
    }
  }
}
