package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Objects as the table that {@code kubectl get} prints, with the printer columns of a CRD. */
final class TableView {
  private final List<Column> columns = new ArrayList<>();

  private record Column(String name, String type, String format, int priority, String path) {}

  TableView(ResourceType type) {
    columns.add(new Column("Name", "string", "name", 0, ".metadata.name"));
    if (type.custom().isPresent()) {
      for (JsonNode column : type.custom().get().columns()) {
        columns.add(
            new Column(
                column.path("name").asText(),
                column.path("type").asText("string"),
                column.path("format").asText(""),
                column.path("priority").asInt(0),
                column.path("jsonPath").asText()));
      }
    } else if (type.is("", "pods")) {
      columns.add(new Column("Status", "string", "", 0, ".status.phase"));
    } else if (type.is("batch", "jobs")) {
      columns.add(new Column("Succeeded", "integer", "", 0, ".status.succeeded"));
      columns.add(new Column("Failed", "integer", "", 0, ".status.failed"));
    }
    if (columns.stream().noneMatch(c -> c.path.equals(".metadata.creationTimestamp"))) {
      columns.add(new Column("Created", "date", "", 0, ".metadata.creationTimestamp"));
    }
  }

  ObjectNode of(List<ObjectNode> objects, String revision) {
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", revision);
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name)
          .put("type", column.type)
          .put("format", column.format)
          .put("description", "")
          .put("priority", column.priority);
    }
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      columns.forEach(column -> cells.add(shown(cell(object, column.path))));
      ObjectNode partial = row.putObject("object");
      partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
      partial.set("metadata", object.path("metadata"));
    }
    return table;
  }

  /** A table has scalars; nothing is null. */
  private static JsonNode shown(JsonNode value) {
    return value.isMissingNode() ? NullNode.getInstance() : value;
  }

  /**
   * Follows a path of names, or of one filter {@code [?(@.type=="Ready")]} on a list, which is what
   * printer columns use.
   */
  private static JsonNode cell(JsonNode object, String path) {
    JsonNode node = object;
    for (String step : path.substring(1).split("\\.(?![^\\[]*\\])", -1)) {
      int filter = step.indexOf("[?(@.");
      node = node.path(filter < 0 ? step : step.substring(0, filter));
      if (filter >= 0) {
        String[] condition = step.substring(filter + 5, step.length() - 2).split("==", -1);
        String wanted = condition[condition.length - 1].replaceAll("[\"']", "");
        JsonNode list = node;
        node = list.path(-1);
        for (JsonNode item : list) {
          node = item.path(condition[0]).asText().equals(wanted) ? item : node;
        }
      }
    }
    return node;
  }
}
