package dev.autoloss.api.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The structural schema of a custom resource, as its CRD holds it: prunes, applies defaults and
 * checks as an API server does, except for rules in CEL. {@code apiVersion}, {@code kind} and
 * {@code metadata} of the resource are not its concern.
 */
public final class StructuralSchema {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
  private static final List<String> ENVELOPE = List.of("apiVersion", "kind", "metadata");

  private final JsonNode root;

  private StructuralSchema(JsonNode root) {
    this.root = root;
  }

  /**
   * Takes the schema of a version out of a CRD.
   *
   * @param crd a CustomResourceDefinition of apiextensions.k8s.io/v1
   * @param version name of the version
   * @return its schema; without one, a schema that accepts everything
   */
  public static StructuralSchema of(JsonNode crd, String version) {
    for (JsonNode one : crd.path("spec").path("versions")) {
      if (one.path("name").asText().equals(version)) {
        return new StructuralSchema(one.path("schema").path("openAPIV3Schema"));
      }
    }
    return new StructuralSchema(crd.path("none"));
  }

  /**
   * The fields that the schema does not know.
   *
   * @param resource a resource
   * @return a mistake for each, in the order of the resource
   */
  public List<Mistake> unknownFields(JsonNode resource) {
    var found = new ArrayList<Mistake>();
    visitUnknown(root, resource, "", false, found);
    return found;
  }

  /**
   * Removes the fields that the schema does not know.
   *
   * @param resource a resource, which is changed
   */
  public void prune(ObjectNode resource) {
    visitUnknown(root, resource, "", true, new ArrayList<>());
  }

  /**
   * Applies defaults where a field is left out; null of a field that is not nullable is left out.
   *
   * @param resource a resource, which is changed
   */
  public void applyDefaults(ObjectNode resource) {
    applyDefaults(root, resource);
  }

  /**
   * Checks types, ranges, lengths, patterns, enumerations and required fields.
   *
   * @param resource a resource, its defaults applied
   * @return a mistake for each that is wrong, in the order of the resource; empty if it is valid
   */
  public List<Mistake> mistakes(JsonNode resource) {
    var found = new ArrayList<Mistake>();
    check(root, resource, "", found);
    return found;
  }

  /**
   * Finds elements that are there twice in lists that hold each, or each key, once.
   *
   * @param resource a resource in which nothing else is wrong
   * @return a mistake for each second one, in the order of the resource
   */
  public List<Mistake> duplicates(JsonNode resource) {
    var found = new ArrayList<Mistake>();
    visitDuplicates(root, resource, "", found);
    return found;
  }

  private static void visitDuplicates(
      JsonNode schema, JsonNode value, String path, List<Mistake> found) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String name = field.getKey();
        visitDuplicates(fieldSchema(schema, name), field.getValue(), join(path, name), found);
      }
    }
    if (!value.isArray()) {
      return;
    }
    String type = schema.path("x-kubernetes-list-type").asText("atomic");
    var seen = new HashSet<Object>();
    for (int i = 0; i < value.size(); i++) {
      String item = path + "[" + i + "]";
      if (!type.equals("atomic") && !seen.add(identity(schema, value.get(i)))) {
        found.add(new Mistake(item, "is there twice: " + show(value.get(i))));
      }
      visitDuplicates(schema.path("items"), value.get(i), item, found);
    }
  }

  private static Object identity(JsonNode schema, JsonNode element) {
    JsonNode keys = schema.path("x-kubernetes-list-map-keys");
    if (!keys.isArray()) {
      return element;
    }
    var values = new ArrayList<JsonNode>();
    keys.forEach(key -> values.add(element.path(key.asText())));
    return values;
  }

  private static void visitUnknown(
      JsonNode schema, JsonNode value, String path, boolean remove, List<Mistake> found) {
    JsonNode items = schema.path("items");
    if (value instanceof ArrayNode array && items.isObject()) {
      for (int i = 0; i < array.size(); i++) {
        visitUnknown(items, array.get(i), path + "[" + i + "]", remove, found);
      }
    } else if (value instanceof ObjectNode object && schema.isObject()) {
      visitFields(schema, object, path, remove, found);
    }
  }

  private static void visitFields(
      JsonNode schema, ObjectNode object, String path, boolean remove, List<Mistake> found) {
    var unknown = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      JsonNode inner = fieldSchema(schema, name);
      if (inner.isObject()) {
        visitUnknown(inner, field.getValue(), join(path, name), remove, found);
      } else if (inner.isMissingNode() && !(path.isEmpty() && ENVELOPE.contains(name))) {
        unknown.add(name);
        found.add(new Mistake(join(path, name), "unknown field" + nearest(schema, name)));
      }
    }
    if (remove) {
      object.remove(unknown);
    }
  }

  /** Schema of a field; a boolean where anything goes; missing where it is unknown. */
  private static JsonNode fieldSchema(JsonNode schema, String name) {
    JsonNode known = schema.path("properties").path(name);
    if (known.isObject()) {
      return known;
    }
    JsonNode additional = schema.path("additionalProperties");
    boolean anything = schema.path(PRESERVE).asBoolean() || !schema.has("type");
    return additional.isMissingNode() && anything ? BooleanNode.TRUE : additional;
  }

  /** A hint for a slip of the finger: the known field that is at most two letters away. */
  private static String nearest(JsonNode schema, String name) {
    for (Map.Entry<String, JsonNode> known : schema.path("properties").properties()) {
      if (Names.distance(known.getKey(), name) <= 2) {
        return ", did you mean " + known.getKey() + "?";
      }
    }
    return "";
  }

  private static void applyDefaults(JsonNode schema, JsonNode value) {
    if (value instanceof ArrayNode array) {
      array.forEach(element -> applyDefaults(schema.path("items"), element));
    }
    if (!(value instanceof ObjectNode object)) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String name = field.getKey();
      JsonNode inner = field.getValue();
      if (object.path(name).isNull() && !inner.path("nullable").asBoolean()) {
        object.remove(name);
      }
      if (!object.has(name) && inner.has("default")) {
        object.set(name, inner.get("default").deepCopy());
      }
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      applyDefaults(fieldSchema(schema, field.getKey()), field.getValue());
    }
  }

  private static void check(JsonNode schema, JsonNode value, String path, List<Mistake> found) {
    if (!schema.isObject() || (value.isNull() && schema.path("nullable").asBoolean())) {
      return;
    }
    if (!hasType(schema, value)) {
      found.add(new Mistake(path, "expected " + expected(schema) + ", found " + show(value)));
      return;
    }
    if (value.isNumber()) {
      checkRange(schema, value, path, found);
    } else if (value.isTextual()) {
      checkText(schema, value.textValue(), path, found);
    } else if (value.isArray()) {
      checkSize(schema, "Items", value.size(), path, found);
      for (int i = 0; i < value.size(); i++) {
        check(schema.path("items"), value.get(i), path + "[" + i + "]", found);
      }
    } else if (value.isObject()) {
      checkObject(schema, value, path, found);
    }
    checkEnumeration(schema, value, path, found);
  }

  private static void checkObject(
      JsonNode schema, JsonNode value, String path, List<Mistake> found) {
    checkSize(schema, "Properties", value.size(), path, found);
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        JsonNode missing = schema.path("properties").path(name.asText());
        found.add(
            new Mistake(
                join(path, name.asText()), "expected " + expected(missing) + ", it is missing"));
      }
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!(path.isEmpty() && ENVELOPE.contains(field.getKey()))) {
        JsonNode inner = fieldSchema(schema, field.getKey());
        check(inner, field.getValue(), join(path, field.getKey()), found);
      }
    }
  }

  private static boolean hasType(JsonNode schema, JsonNode value) {
    if (schema.path(INT_OR_STRING).asBoolean()) {
      return value.isTextual() || isLong(value);
    }
    return switch (schema.path("type").asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "number" -> value.isNumber() && Double.isFinite(value.doubleValue());
      case "integer" -> isLong(value);
      default -> true;
    };
  }

  private static boolean isLong(JsonNode value) {
    return value.isIntegralNumber()
        ? value.canConvertToLong()
        : value.isNumber()
            && value.doubleValue() == Math.rint(value.doubleValue())
            && Math.abs(value.doubleValue()) < 0x1p53;
  }

  private static void checkRange(
      JsonNode schema, JsonNode value, String path, List<Mistake> found) {
    double number = value.doubleValue();
    double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
    double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
    boolean low = schema.path("exclusiveMinimum").asBoolean() ? number <= least : number < least;
    boolean high = schema.path("exclusiveMaximum").asBoolean() ? number >= most : number > most;
    if (low || high) {
      found.add(new Mistake(path, "expected " + expected(schema) + ", found " + show(value)));
    }
  }

  private static void checkText(JsonNode schema, String text, String path, List<Mistake> found) {
    checkSize(schema, "Length", text.codePointCount(0, text.length()), path, found);
    String pattern = schema.path("pattern").asText();
    // As the API server does: a pattern without anchors may match anywhere.
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
      found.add(new Mistake(path, "expected a text like " + pattern + ", found " + quote(text)));
    }
  }

  private static void checkSize(
      JsonNode schema, String what, int size, String path, List<Mistake> found) {
    long least = schema.path("min" + what).asLong(0);
    long most = schema.path("max" + what).asLong(Long.MAX_VALUE);
    if (size < least || size > most) {
      String unit =
          switch (what) {
            case "Length" -> "characters";
            case "Items" -> "elements";
            default -> "fields";
          };
      String range =
          most == Long.MAX_VALUE
              ? "at least " + least
              : least == most ? Long.toString(least) : least + " to " + most;
      found.add(new Mistake(path, "expected " + range + " " + unit + ", found " + size));
    }
  }

  private static void checkEnumeration(
      JsonNode schema, JsonNode value, String path, List<Mistake> found) {
    JsonNode allowed = schema.path("enum");
    if (!allowed.isArray() || allowed.isEmpty()) {
      return;
    }
    var names = new ArrayList<String>();
    for (JsonNode one : allowed) {
      if (one.equals(value)) {
        return;
      }
      names.add(one.asText());
    }
    found.add(
        new Mistake(path, "expected " + String.join(" or ", names) + ", found " + show(value)));
  }

  private static String expected(JsonNode schema) {
    if (schema.path(INT_OR_STRING).asBoolean()) {
      return "an integer or a string";
    }
    return switch (schema.path("type").asText()) {
      case "object" -> "an object";
      case "array" -> "a list";
      case "string" -> "a string";
      case "boolean" -> "true or false";
      case "number" -> "a number" + range(schema);
      case "integer" -> "an integer" + range(schema);
      default -> "a value";
    };
  }

  private static String range(JsonNode schema) {
    String least = schema.has("minimum") ? plain(schema.get("minimum").doubleValue()) : "";
    String most = schema.has("maximum") ? plain(schema.get("maximum").doubleValue()) : "";
    if (schema.path("exclusiveMinimum").asBoolean()) {
      return " above " + least + (most.isEmpty() ? "" : ", at most " + most);
    }
    if (!least.isEmpty() && !most.isEmpty()) {
      return " from " + least + " to " + most;
    }
    return least.isEmpty() ? most.isEmpty() ? "" : " ≤ " + most : " ≥ " + least;
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 0x1p53
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static String show(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "a list";
      case NULL, MISSING -> "nothing";
      case STRING -> quote(value.textValue());
      case NUMBER, BOOLEAN, BINARY -> value.asText();
    };
  }

  private static String quote(String text) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return "\"" + shown.replace("\n", "\\n") + "\"";
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
