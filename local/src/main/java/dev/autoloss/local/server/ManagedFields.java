package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which fields who has written, as {@code metadata.managedFields} holds it. A write by update takes
 * the fields that it changes; a write by apply owns what it names.
 */
final class ManagedFields {
  /** Fields that the server itself writes: nobody owns them. */
  private static final FieldSet SYSTEM = system();

  private final Map<Writer, Entry> entries = new LinkedHashMap<>();

  /**
   * Who wrote.
   *
   * @param manager name of the field manager
   * @param operation Apply or Update
   * @param subresource subresource written through, empty for the object itself
   */
  record Writer(String manager, String operation, String subresource) {}

  private record Entry(String apiVersion, String time, FieldSet fields) {}

  private static FieldSet system() {
    ObjectNode fields = Json.object();
    fields.putObject("f:apiVersion");
    fields.putObject("f:kind");
    ObjectNode metadata = fields.putObject("f:metadata");
    for (String name : ObjectMeta.SYSTEM_FIELDS) {
      metadata.putObject("f:" + name);
    }
    return FieldSet.fromJson(fields);
  }

  static ManagedFields of(ObjectNode object) {
    ManagedFields managed = new ManagedFields();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      managed.entries.put(
          new Writer(
              entry.path("manager").asText(),
              entry.path("operation").asText(),
              entry.path("subresource").asText("")),
          new Entry(
              entry.path("apiVersion").asText(),
              entry.path("time").asText(),
              FieldSet.fromJson(entry.path("fieldsV1"))));
    }
    return managed;
  }

  /** The fields of a document that somebody may own. */
  static FieldSet ownable(JsonNode object, Structure structure) {
    return FieldSet.of(object, structure).minus(SYSTEM);
  }

  /** The fields that differ between two documents and that somebody may own. */
  static FieldSet changed(JsonNode before, JsonNode after, Structure structure) {
    return FieldSet.changed(before, after, structure).minus(SYSTEM);
  }

  FieldSet fields(Writer writer) {
    Entry entry = entries.get(writer);
    return entry == null ? FieldSet.EMPTY : entry.fields;
  }

  Map<Writer, FieldSet> others(Writer writer) {
    Map<Writer, FieldSet> others = new LinkedHashMap<>();
    entries.forEach(
        (other, entry) -> {
          if (!other.equals(writer)) {
            others.put(other, entry.fields);
          }
        });
    return others;
  }

  /** Takes fields from everybody but one writer. */
  void take(FieldSet fields, Writer except) {
    entries.replaceAll(
        (writer, entry) ->
            writer.equals(except)
                ? entry
                : new Entry(entry.apiVersion, entry.time, entry.fields.minus(fields)));
    entries.values().removeIf(entry -> entry.fields.isEmpty());
  }

  /** Says what a writer owns; the time moves only when that changes. */
  void set(Writer writer, FieldSet fields, String apiVersion, String time) {
    Entry former = entries.get(writer);
    if (fields.isEmpty()) {
      entries.remove(writer);
    } else if (former == null
        || !former.fields.equals(fields)
        || !former.apiVersion.equals(apiVersion)) {
      entries.put(writer, new Entry(apiVersion, time, fields));
    }
  }

  void writeTo(ObjectNode object) {
    ObjectNode metadata = Json.metadata(object);
    metadata.remove("managedFields");
    if (entries.isEmpty()) {
      return;
    }
    ArrayNode list = metadata.putArray("managedFields");
    entries.forEach(
        (writer, entry) -> {
          ObjectNode node = list.addObject();
          node.put("manager", writer.manager).put("operation", writer.operation);
          node.put("apiVersion", entry.apiVersion)
              .put("time", entry.time)
              .put("fieldsType", "FieldsV1");
          node.set("fieldsV1", entry.fields.toJson());
          if (!writer.subresource.isEmpty()) {
            node.put("subresource", writer.subresource);
          }
        });
  }

  /**
   * Records an update: the writer now owns what differs between the documents, and nobody owns what
   * is gone.
   */
  static void recordUpdate(
      ObjectNode before,
      ObjectNode after,
      Writer writer,
      String apiVersion,
      String time,
      Structure structure) {
    ManagedFields managed = of(before);
    FieldSet changed = changed(before, after, structure);
    FieldSet removed = ownable(before, structure).minus(ownable(after, structure));
    managed.take(changed.union(removed), writer);
    managed.set(writer, managed.fields(writer).union(changed).minus(removed), apiVersion, time);
    managed.writeTo(after);
  }
}
