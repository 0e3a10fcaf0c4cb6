package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Server-side apply: an applied document says all that its manager wants; what the manager said
 * before and leaves out now goes, unless somebody else said it too. As in the structured-merge-diff
 * of Kubernetes, with the lists that {@link Structure} knows.
 */
final class ServerSideApply {
  private final ResourceType type;
  private final Structure structure;
  private final ManagedFields.Writer writer;
  private final String time;

  ServerSideApply(ResourceType type, ManagedFields.Writer writer, String time) {
    this.type = type;
    this.structure = type.structure();
    this.writer = writer;
    this.time = time;
  }

  /**
   * Applies a document.
   *
   * @param live the object as it is; {@code {}} when it is to be created
   * @param applied what the manager wants
   * @param force whether fields of other managers are taken over
   * @return the new object with its managed fields; not defaulted, not checked
   */
  ObjectNode apply(ObjectNode live, ObjectNode applied, boolean force) {
    ManagedFields managed = ManagedFields.of(live);
    FieldSet wanted = ManagedFields.ownable(applied, structure);
    ObjectNode merged = (ObjectNode) merge(live, applied, structure);
    FieldSet changed = ManagedFields.changed(live, merged, structure);
    if (!force) {
      rejectConflicts(managed, changed, Json.meta(applied, "name"));
    }
    managed.take(changed, writer);
    FieldSet kept = wanted;
    for (FieldSet others : managed.others(writer).values()) {
      kept = kept.union(others);
    }
    FieldSet dropped = managed.fields(writer).minus(kept);
    merged = (ObjectNode) without(merged, dropped, kept, structure);
    managed.set(writer, wanted, type.apiVersion(), time);
    managed.writeTo(merged);
    return merged;
  }

  private void rejectConflicts(ManagedFields managed, FieldSet changed, String name) {
    List<FieldError> conflicts = new ArrayList<>();
    managed
        .others(writer)
        .forEach(
            (other, fields) -> {
              String who = "conflict with \"" + other.manager() + "\" using " + type.apiVersion();
              paths(changed.intersect(fields), "")
                  .forEach(
                      path -> conflicts.add(new FieldError(path, "FieldManagerConflict", who)));
            });
    if (!conflicts.isEmpty()) {
      throw StatusError.applyConflict(type, name, conflicts);
    }
  }

  private static List<String> paths(FieldSet set, String prefix) {
    List<String> paths = new ArrayList<>();
    if (set.owned()) {
      paths.add(prefix);
    }
    set.children()
        .forEach(
            (element, child) -> {
              String step =
                  element.startsWith("f:")
                      ? "." + element.substring(2)
                      : "[" + element.substring(2) + "]";
              paths.addAll(paths(child, prefix + step));
            });
    return paths;
  }

  private static JsonNode merge(JsonNode live, JsonNode applied, Structure structure) {
    if (live.isObject() && applied.isObject() && !structure.atomicMap()) {
      ObjectNode merged = live.deepCopy();
      for (Map.Entry<String, JsonNode> e : applied.properties()) {
        JsonNode old = live.path(e.getKey());
        merged.set(e.getKey(), merge(old, e.getValue(), structure.field(e.getKey())));
      }
      return merged;
    }
    if (live.isArray() && applied.isArray() && structure.listType() != Structure.ListType.ATOMIC) {
      Map<String, JsonNode> items = new LinkedHashMap<>();
      live.forEach(item -> items.put(structure.element(item), item));
      applied.forEach(
          item ->
              items.merge(
                  structure.element(item),
                  item,
                  (old, wanted) -> merge(old, wanted, structure.items())));
      return Json.array(List.copyOf(items.values()));
    }
    return applied.deepCopy();
  }

  private static JsonNode without(
      JsonNode value, FieldSet dropped, FieldSet kept, Structure structure) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, FieldSet> e : dropped.children().entrySet()) {
        String name = e.getKey().substring(2);
        JsonNode field = object.get(name);
        if (field != null) {
          JsonNode rest = rest(field, e.getValue(), kept.child(e.getKey()), structure.field(name));
          if (rest.isMissingNode()) {
            object.remove(name);
          } else {
            object.set(name, rest);
          }
        }
      }
      return object;
    }
    if (value instanceof ArrayNode list) {
      List<JsonNode> items = new ArrayList<>();
      for (JsonNode item : list) {
        String element = structure.element(item);
        JsonNode rest = rest(item, dropped.child(element), kept.child(element), structure.items());
        if (!rest.isMissingNode()) {
          items.add(rest);
        }
      }
      return Json.array(items);
    }
    return value;
  }

  /** What is left of a field or an item; missing when it goes altogether. */
  private static JsonNode rest(
      JsonNode value, FieldSet dropped, FieldSet kept, Structure structure) {
    if (dropped.isEmpty()) {
      return value;
    }
    if (dropped.owned() && kept.isEmpty()) {
      return MissingNode.getInstance();
    }
    boolean container = value.isContainerNode() && !value.isEmpty();
    JsonNode rest = without(value, dropped, kept, structure);
    return container && rest.isEmpty() && kept.isEmpty() ? MissingNode.getInstance() : rest;
  }
}
