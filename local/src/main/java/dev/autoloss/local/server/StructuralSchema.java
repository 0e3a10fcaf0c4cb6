package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The structural schema of a custom resource ({@code openAPIV3Schema} of a
 * CustomResourceDefinition): defaults, pruning and validation of types, ranges, lengths, patterns,
 * enumerations and required fields. CEL rules are not evaluated.
 */
record StructuralSchema(JsonNode root) {
  private static final Set<String> ROOT_FIELDS = Set.of("apiVersion", "kind", "metadata");

  /** Sets the defaults of fields that are missing, in place. */
  void applyDefaults(ObjectNode object) {
    defaults(object, root);
  }

  private static void defaults(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        JsonNode fallback = property.getValue().get("default");
        JsonNode present = object.get(property.getKey());
        boolean absent =
            present == null
                || (present.isNull() && !property.getValue().path("nullable").asBoolean());
        if (fallback != null && absent) {
          object.set(property.getKey(), fallback.deepCopy());
        }
      }
      object.properties().forEach(e -> defaults(e.getValue(), property(schema, e.getKey())));
    } else if (value.isArray()) {
      value.forEach(item -> defaults(item, schema.path("items")));
    }
  }

  private static JsonNode property(JsonNode schema, String name) {
    JsonNode property = schema.path("properties").path(name);
    return property.isMissingNode() ? schema.path("additionalProperties") : property;
  }

  /**
   * Removes the fields that the schema does not know, in place.
   *
   * @return their paths
   */
  List<String> prune(ObjectNode object) {
    List<String> unknown = new ArrayList<>();
    for (String name : names(object)) {
      if (!ROOT_FIELDS.contains(name)) {
        pruneField(object, name, root, name, unknown);
      }
    }
    return unknown;
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void pruneField(
      ObjectNode object, String name, JsonNode schema, String path, List<String> unknown) {
    JsonNode property = property(schema, name);
    if (property.isObject()) {
      pruneValue(object.path(name), property, path, unknown);
    } else if (!property.asBoolean()
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      object.remove(name);
      unknown.add(path);
    }
  }

  private static void pruneValue(
      JsonNode value, JsonNode schema, String path, List<String> unknown) {
    if (value instanceof ObjectNode object) {
      names(object).forEach(name -> pruneField(object, name, schema, path + "." + name, unknown));
    } else if (value.isArray() && schema.path("items").isObject()) {
      for (int i = 0; i < value.size(); i++) {
        pruneValue(value.get(i), schema.path("items"), path + "[" + i + "]", unknown);
      }
    }
  }

  /** All mistakes of a document, in the order of its fields; the metadata has rules of its own. */
  List<FieldError> validate(ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    ObjectNode content = object.deepCopy().without(ROOT_FIELDS);
    List<String> required = new ArrayList<>();
    root.path("required").forEach(r -> required.add(r.asText()));
    required.stream()
        .filter(name -> !object.has(name))
        .forEach(name -> errors.add(FieldError.required(name, "")));
    content
        .properties()
        .forEach(e -> check(e.getValue(), property(root, e.getKey()), e.getKey(), errors));
    return errors;
  }

  private static void check(JsonNode value, JsonNode schema, String path, List<FieldError> errors) {
    if (value.isNull() && schema.path("nullable").asBoolean()) {
      return;
    }
    if (!hasType(value, schema)) {
      String expected =
          schema.path("x-kubernetes-int-or-string").asBoolean()
              ? "integer or string"
              : schema.path("type").asText();
      errors.add(
          new FieldError(
              path,
              "FieldValueTypeInvalid",
              "Invalid value: "
                  + value
                  + ": must be of type "
                  + expected
                  + ", found "
                  + value.getNodeType()));
      return;
    }
    enumeration(value, schema, path, errors);
    if (value.isNumber()) {
      range(value.decimalValue(), schema, path, errors);
    } else if (value.isTextual()) {
      text(value.asText(), schema, path, errors);
    } else if (value.isArray()) {
      list(value, schema, path, errors);
    } else if (value.isObject()) {
      object(value, schema, path, errors);
    }
  }

  private static boolean hasType(JsonNode value, JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return integral(value) || value.isTextual();
    }
    return switch (schema.path("type").asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> integral(value);
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  /** The API takes 1.0 for an integer. */
  private static boolean integral(JsonNode value) {
    return value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
  }

  private static void enumeration(
      JsonNode value, JsonNode schema, String path, List<FieldError> errors) {
    JsonNode allowed = schema.path("enum");
    if (allowed.isEmpty()) {
      return;
    }
    for (JsonNode one : allowed) {
      if (one.equals(value)) {
        return;
      }
    }
    errors.add(
        new FieldError(
            path,
            "FieldValueNotSupported",
            "Unsupported value: " + value + ": supported values: " + allowed));
  }

  private static void range(
      BigDecimal value, JsonNode schema, String path, List<FieldError> errors) {
    lowest(value, schema, path, errors);
    highest(value, schema, path, errors);
    JsonNode step = schema.path("multipleOf");
    if (step.isNumber() && value.remainder(step.decimalValue()).signum() != 0) {
      errors.add(invalid(path, value, "should be a multiple of " + step));
    }
  }

  private static void lowest(
      BigDecimal value, JsonNode schema, String path, List<FieldError> errors) {
    JsonNode minimum = schema.path("minimum");
    boolean open = schema.path("exclusiveMinimum").asBoolean();
    if (minimum.isNumber() && value.compareTo(minimum.decimalValue()) < (open ? 1 : 0)) {
      String than = open ? "greater than " : "greater than or equal to ";
      errors.add(invalid(path, value, "should be " + than + minimum));
    }
  }

  private static void highest(
      BigDecimal value, JsonNode schema, String path, List<FieldError> errors) {
    JsonNode maximum = schema.path("maximum");
    boolean open = schema.path("exclusiveMaximum").asBoolean();
    if (maximum.isNumber() && value.compareTo(maximum.decimalValue()) > (open ? -1 : 0)) {
      String than = open ? "less than " : "less than or equal to ";
      errors.add(invalid(path, value, "should be " + than + maximum));
    }
  }

  private static FieldError invalid(String path, Object value, String expected) {
    return FieldError.invalid(path, value.toString(), path + " in body " + expected);
  }

  private static void text(String value, JsonNode schema, String path, List<FieldError> errors) {
    bounds(value.codePointCount(0, value.length()), schema, "Length", "characters", path, errors);
    String pattern = schema.path("pattern").asText("");
    // Searched for, not matched against the whole, as in the API.
    if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(value).find()) {
      errors.add(invalid(path, "\"" + value + "\"", "should match '" + pattern + "'"));
    }
  }

  private static void bounds(
      int size, JsonNode schema, String suffix, String unit, String path, List<FieldError> errors) {
    JsonNode least = schema.path("min" + suffix);
    if (least.isNumber() && size < least.asInt()) {
      errors.add(invalid(path, size, "should have at least " + least + " " + unit));
    }
    JsonNode most = schema.path("max" + suffix);
    if (most.isNumber() && size > most.asInt()) {
      errors.add(invalid(path, size, "should have at most " + most + " " + unit));
    }
  }

  private static void list(JsonNode value, JsonNode schema, String path, List<FieldError> errors) {
    bounds(value.size(), schema, "Items", "items", path, errors);
    for (int i = 0; i < value.size(); i++) {
      check(value.get(i), schema.path("items"), path + "[" + i + "]", errors);
    }
    Structure structure = new Structure(schema);
    if (errors.isEmpty() && structure.listType() != Structure.ListType.ATOMIC) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < value.size(); i++) {
        if (!seen.add(structure.element(value.get(i)))) {
          errors.add(
              new FieldError(
                  path + "[" + i + "]", "FieldValueDuplicate", "Duplicate value: " + value.get(i)));
        }
      }
    }
  }

  private static void object(
      JsonNode value, JsonNode schema, String path, List<FieldError> errors) {
    bounds(value.size(), schema, "Properties", "properties", path, errors);
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        errors.add(FieldError.required(path + "." + name.asText(), ""));
      }
    }
    value
        .properties()
        .forEach(
            e ->
                check(e.getValue(), property(schema, e.getKey()), path + "." + e.getKey(), errors));
  }
}
