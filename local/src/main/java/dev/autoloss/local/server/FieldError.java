package dev.autoloss.local.server;

/**
 * One mistake in a document: the field's path, the API's reason and what was expected.
 *
 * @param field path as the API writes it, like {@code spec.items[2].name}
 * @param reason the API's cause type, like {@code FieldValueInvalid}
 * @param message what is wrong
 */
record FieldError(String field, String reason, String message) {
  static FieldError invalid(String field, String value, String expected) {
    return new FieldError(
        field, "FieldValueInvalid", "Invalid value: " + shortened(value) + ": " + expected);
  }

  static FieldError required(String field, String why) {
    return new FieldError(
        field, "FieldValueRequired", why.isEmpty() ? "Required value" : "Required value: " + why);
  }

  static FieldError forbidden(String field, String why) {
    return new FieldError(field, "FieldValueForbidden", "Forbidden: " + why);
  }

  private static String shortened(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "…";
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
