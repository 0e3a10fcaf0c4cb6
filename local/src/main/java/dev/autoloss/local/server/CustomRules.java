package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.document.Mistake;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the schema of a definition demands of its objects, in the API's terms. */
final class CustomRules {
  private CustomRules() {}

  /**
   * Removes the fields that the schema does not know, in place.
   *
   * @return their paths
   */
  static List<String> prune(ResourceType.Custom custom, ObjectNode object) {
    List<String> unknown =
        custom.schema().unknownFields(object).stream().map(Mistake::path).toList();
    if (!unknown.isEmpty()) {
      custom.schema().prune(object);
    }
    return unknown;
  }

  /** All mistakes of an object but those of its metadata. */
  static List<FieldError> validate(ResourceType.Custom custom, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    for (Mistake mistake : custom.schema().mistakes(object)) {
      errors.add(new FieldError(mistake.path(), "FieldValueInvalid", mistake.message()));
    }
    // Keys of items are only there to be compared when nothing else is wrong.
    if (errors.isEmpty()) {
      duplicates(object, custom.root(), "", errors);
    }
    return errors;
  }

  private static void duplicates(
      JsonNode value, JsonNode schema, String path, List<FieldError> errors) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String name = field.getKey();
        JsonNode inner = new Structure(schema).field(name).schema();
        duplicates(field.getValue(), inner, path.isEmpty() ? name : path + "." + name, errors);
      }
    } else if (value.isArray()) {
      Structure list = new Structure(schema);
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < value.size(); i++) {
        String item = path + "[" + i + "]";
        boolean unique = list.listType() != Structure.ListType.ATOMIC;
        if (unique && !seen.add(list.element(value.get(i)))) {
          errors.add(
              new FieldError(item, "FieldValueDuplicate", "Duplicate value: " + value.get(i)));
        }
        duplicates(value.get(i), list.items().schema(), item, errors);
      }
    }
  }
}
