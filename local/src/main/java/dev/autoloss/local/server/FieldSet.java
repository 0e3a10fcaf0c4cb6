package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * A set of fields of a document as a tree, the meaning of the API's {@code fieldsV1}: {@code
 * f:name} a field, {@code k:…} an item by its keys, {@code v:…} an item by its value.
 *
 * @param owned whether the field itself is in the set
 * @param children sets below it, by path element; never empty ones
 */
record FieldSet(boolean owned, SortedMap<String, FieldSet> children) {
  static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
  private static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());

  boolean isEmpty() {
    return !owned && children.isEmpty();
  }

  FieldSet child(String element) {
    return children.getOrDefault(element, EMPTY);
  }

  /** All fields of a value. */
  static FieldSet of(JsonNode value, Structure structure) {
    SortedMap<String, FieldSet> children = new TreeMap<>();
    if (value.isObject() && !structure.atomicMap()) {
      value
          .properties()
          .forEach(
              e -> children.put("f:" + e.getKey(), of(e.getValue(), structure.field(e.getKey()))));
      return children.isEmpty() ? LEAF : new FieldSet(false, children);
    }
    if (value.isArray() && structure.listType() != Structure.ListType.ATOMIC) {
      for (JsonNode item : value) {
        children.put(structure.element(item), item(item, structure));
      }
    }
    return new FieldSet(children.isEmpty(), children);
  }

  private static FieldSet item(JsonNode item, Structure list) {
    return list.listType() == Structure.ListType.SET
        ? LEAF
        : new FieldSet(true, of(item, list.items()).children);
  }

  /** The fields of {@code now} that {@code before} lacks or has with another value. */
  static FieldSet changed(JsonNode before, JsonNode now, Structure structure) {
    if (before.equals(now)) {
      return EMPTY;
    }
    if (now.isEmpty()) {
      return of(now, structure);
    }
    if (before.isObject() && now.isObject() && !structure.atomicMap()) {
      return changedFields(before, now, structure);
    }
    if (before.isArray() && now.isArray() && structure.listType() != Structure.ListType.ATOMIC) {
      return changedItems(before, now, structure);
    }
    return of(now, structure);
  }

  private static FieldSet changedFields(JsonNode before, JsonNode now, Structure structure) {
    SortedMap<String, FieldSet> children = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : now.properties()) {
      Structure field = structure.field(e.getKey());
      JsonNode old = before.path(e.getKey());
      put(
          children,
          "f:" + e.getKey(),
          old.isMissingNode() ? of(e.getValue(), field) : changed(old, e.getValue(), field));
    }
    return new FieldSet(false, children);
  }

  private static FieldSet changedItems(JsonNode before, JsonNode now, Structure structure) {
    Map<String, JsonNode> old = new TreeMap<>();
    before.forEach(item -> old.put(structure.element(item), item));
    SortedMap<String, FieldSet> children = new TreeMap<>();
    for (JsonNode item : now) {
      String element = structure.element(item);
      JsonNode former = old.get(element);
      put(
          children,
          element,
          former == null ? item(item, structure) : changed(former, item, structure.items()));
    }
    return new FieldSet(false, children);
  }

  FieldSet union(FieldSet other) {
    SortedMap<String, FieldSet> all = new TreeMap<>(children);
    other.children.forEach((element, set) -> all.merge(element, set, FieldSet::union));
    return new FieldSet(owned || other.owned, all);
  }

  FieldSet minus(FieldSet other) {
    return combine(other, owned && !other.owned, FieldSet::minus);
  }

  FieldSet intersect(FieldSet other) {
    return combine(other, owned && other.owned, FieldSet::intersect);
  }

  private FieldSet combine(FieldSet other, boolean ownedNow, BinaryOperator<FieldSet> operation) {
    SortedMap<String, FieldSet> result = new TreeMap<>();
    children.forEach(
        (element, set) -> put(result, element, operation.apply(set, other.child(element))));
    return new FieldSet(ownedNow, result);
  }

  private static void put(SortedMap<String, FieldSet> children, String element, FieldSet set) {
    if (!set.isEmpty()) {
      children.put(element, set);
    }
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    if (owned && !children.isEmpty()) {
      node.putObject(".");
    }
    children.forEach((element, set) -> node.set(element, set.toJson()));
    return node;
  }

  static FieldSet fromJson(JsonNode node) {
    SortedMap<String, FieldSet> children = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : node.properties()) {
      if (!e.getKey().equals(".")) {
        children.put(e.getKey(), fromJson(e.getValue()));
      }
    }
    return new FieldSet(children.isEmpty() || node.has("."), children);
  }
}
