package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.document.Mistake;
import java.util.ArrayList;
import java.util.List;

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
      for (Mistake mistake : custom.schema().duplicates(object)) {
        errors.add(new FieldError(mistake.path(), "FieldValueDuplicate", mistake.message()));
      }
    }
    return errors;
  }
}
