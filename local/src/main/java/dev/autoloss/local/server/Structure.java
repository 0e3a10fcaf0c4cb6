package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a field merges under server-side apply, read from the {@code x-kubernetes-list-type}, {@code
 * -list-map-keys} and {@code -map-type} of a schema. Lists of built-in types are atomic, except
 * those of the metadata.
 */
record Structure(JsonNode schema) {
  private static final ObjectNode METADATA = metadataSchema();

  enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  static Structure of(Optional<JsonNode> root) {
    ObjectNode schema = root.map(r -> (ObjectNode) r.deepCopy()).orElseGet(Json::object);
    if (!(schema.get("properties") instanceof ObjectNode)) {
      schema.putObject("properties");
    }
    ((ObjectNode) schema.get("properties")).set("metadata", METADATA);
    return new Structure(schema);
  }

  private static ObjectNode metadataSchema() {
    ObjectNode schema = Json.object();
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("finalizers").put("x-kubernetes-list-type", "set");
    properties
        .putObject("ownerReferences")
        .put("x-kubernetes-list-type", "map")
        .putArray("x-kubernetes-list-map-keys")
        .add("uid");
    return schema;
  }

  Structure field(String name) {
    JsonNode property = schema.path("properties").path(name);
    return new Structure(property.isMissingNode() ? schema.path("additionalProperties") : property);
  }

  Structure items() {
    return new Structure(schema.path("items"));
  }

  boolean atomicMap() {
    return schema.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  ListType listType() {
    return switch (schema.path("x-kubernetes-list-type").asText()) {
      case "set" -> ListType.SET;
      case "map" -> ListType.MAP;
      default -> ListType.ATOMIC;
    };
  }

  /** The path element of an item of a MAP list: its keys and their values. */
  String key(JsonNode item) {
    List<String> keys = new ArrayList<>();
    schema.path("x-kubernetes-list-map-keys").forEach(k -> keys.add(k.asText()));
    keys.sort(null);
    ObjectNode values = Json.object();
    for (String key : keys) {
      JsonNode value = item.path(key);
      if (value.isMissingNode()) {
        value = schema.path("items").path("properties").path(key).path("default");
      }
      if (value instanceof MissingNode) {
        throw StatusError.unprocessable(
            "an item of an associative list omits its key field \"" + key + "\"");
      }
      values.set(key, value);
    }
    return "k:" + Json.text(values);
  }

  /** The path element of an item of a list that is not atomic. */
  String element(JsonNode item) {
    return listType() == ListType.MAP ? key(item) : "v:" + Json.text(item);
  }
}
