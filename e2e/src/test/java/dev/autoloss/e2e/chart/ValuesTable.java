package dev.autoloss.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of the chart with what their comments say: a key with a comment is a value. */
final class ValuesTable {
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):.*");
  private static final Pattern COMMENT = Pattern.compile(" *# (.*)");

  private final Map<String, String> comments = new LinkedHashMap<>();
  private final JsonNode values;

  ValuesTable(String text) throws IOException {
    this.values = Yaml.MAPPER.readTree(text);
    var path = new ArrayList<String>();
    var comment = new ArrayList<String>();
    for (String line : text.lines().toList()) {
      Matcher said = COMMENT.matcher(line);
      Matcher key = KEY.matcher(line);
      if (said.matches()) {
        comment.add(said.group(1));
      } else if (key.matches()) {
        path.subList(key.group(1).length() / 2, path.size()).clear();
        path.add(key.group(2));
        if (!comment.isEmpty()) {
          comments.put(String.join(".", path), String.join(" ", comment));
        }
        comment.clear();
      } else {
        comment.clear();
      }
    }
  }

  /** Paths of the values, in their order. */
  List<String> paths() {
    return List.copyOf(comments.keySet());
  }

  JsonNode value(String path) {
    return values.at("/" + path.replace('.', '/'));
  }

  /** Leaves that no comment explains, neither their own nor one above. */
  List<String> unexplained() {
    var paths = new ArrayList<String>();
    walk("", values, paths);
    return paths;
  }

  private void walk(String path, JsonNode node, List<String> unexplained) {
    if (comments.containsKey(path)) {
      return;
    }
    if (!node.isObject() || node.isEmpty()) {
      unexplained.add(path);
    }
    node.properties()
        .forEach(
            entry ->
                walk(
                    path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                    entry.getValue(),
                    unexplained));
  }

  String markdown() throws IOException {
    var table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
    for (var entry : comments.entrySet()) {
      table.append(
          "| `%s` | `%s` | %s |%n"
              .formatted(
                  entry.getKey(),
                  new ObjectMapper().writeValueAsString(value(entry.getKey())),
                  entry.getValue().replace("|", "\\|")));
    }
    return table.toString();
  }
}
