package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules for metadata: names, labels, annotations, owners and finalizers, as the API server has
 * them.
 */
final class ObjectMeta {
  /** Fields that only the server writes. */
  static final List<String> SYSTEM_FIELDS =
      List.of(
          "name",
          "generateName",
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "selfLink");

  private static final Set<String> USER_FIELDS =
      Set.of("labels", "annotations", "ownerReferences", "finalizers");
  private static final List<String> IMMUTABLE =
      List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
  private static final Pattern QUALIFIED =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
  private static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
          + " end with an alphanumeric character, at most 253 characters";
  private static final int MAX_ANNOTATIONS = 256 * 1024;

  private ObjectMeta() {}

  /** Removes what is not a field of the metadata. */
  static List<String> prune(ObjectNode metadata) {
    List<String> unknown = new ArrayList<>();
    metadata
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!SYSTEM_FIELDS.contains(name) && !USER_FIELDS.contains(name)) {
                unknown.add(name);
              }
            });
    metadata.remove(unknown);
    return unknown.stream().map(name -> "metadata." + name).toList();
  }

  static boolean isSubdomain(String name) {
    return name.length() <= 253 && SUBDOMAIN.matcher(name).matches();
  }

  static List<FieldError> validate(ResourceType type, ObjectNode metadata) {
    List<FieldError> errors = new ArrayList<>();
    name(type, metadata.path("name").asText(""), errors);
    texts(metadata.path("labels"), "metadata.labels", errors);
    texts(metadata.path("annotations"), "metadata.annotations", errors);
    labels(metadata.path("labels"), errors);
    annotations(metadata.path("annotations"), errors);
    finalizers(metadata.path("finalizers"), errors);
    owners(metadata.path("ownerReferences"), errors);
    return errors;
  }

  private static void name(ResourceType type, String name, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else if (!isSubdomain(name)) {
      errors.add(FieldError.invalid("metadata.name", quote(name), SUBDOMAIN_RULE));
    } else if (labelNamed(type) && (name.length() > 63 || name.contains("."))) {
      errors.add(
          FieldError.invalid(
              "metadata.name", quote(name), "must be an RFC 1123 label, at most 63 characters"));
    }
  }

  private static boolean labelNamed(ResourceType type) {
    return type.is("", "namespaces") || type.is("", "services");
  }

  private static void texts(JsonNode map, String path, List<FieldError> errors) {
    if (!map.isMissingNode() && !map.isObject()) {
      errors.add(FieldError.invalid(path, map.toString(), "must be a map of strings"));
    }
    for (Map.Entry<String, JsonNode> e : map.properties()) {
      if (!e.getValue().isTextual()) {
        errors.add(
            FieldError.invalid(
                path + "." + e.getKey(), e.getValue().toString(), "must be a string"));
      }
    }
  }

  private static void labels(JsonNode labels, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> e : labels.properties()) {
      qualified("metadata.labels", e.getKey(), errors);
      String value = e.getValue().asText();
      if (value.length() > 63 || !LABEL_VALUE.matcher(value).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.labels",
                quote(value),
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', start and"
                    + " end with an alphanumeric character, at most 63 characters"));
      }
    }
  }

  private static void annotations(JsonNode annotations, List<FieldError> errors) {
    long size = 0;
    for (Map.Entry<String, JsonNode> e : annotations.properties()) {
      qualified("metadata.annotations", e.getKey(), errors);
      size += e.getKey().length() + e.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
    }
    if (size > MAX_ANNOTATIONS) {
      errors.add(
          new FieldError(
              "metadata.annotations",
              "FieldValueTooLong",
              "Too long: may not be more than " + MAX_ANNOTATIONS + " bytes"));
    }
  }

  private static void finalizers(JsonNode finalizers, List<FieldError> errors) {
    for (JsonNode finalizer : finalizers) {
      qualified("metadata.finalizers", finalizer.asText(), errors);
    }
  }

  private static void owners(JsonNode owners, List<FieldError> errors) {
    int controllers = 0;
    for (int i = 0; i < owners.size(); i++) {
      JsonNode owner = owners.get(i);
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (owner.path(field).asText("").isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "metadata.ownerReferences[" + i + "]." + field, "\"\"", "must not be empty"));
        }
      }
      controllers += owner.path("controller").asBoolean() ? 1 : 0;
    }
    if (controllers > 1) {
      errors.add(
          FieldError.invalid(
              "metadata.ownerReferences",
              owners.toString(),
              "only one reference can have controller set to true"));
    }
  }

  private static void qualified(String path, String key, List<FieldError> errors) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    boolean prefixed = slash < 0 || isSubdomain(key.substring(0, slash));
    if (!prefixed || name.length() > 63 || !QUALIFIED.matcher(name).matches()) {
      errors.add(
          FieldError.invalid(
              path,
              quote(key),
              "a qualified name is an optional DNS subdomain and '/', then at most 63 alphanumeric characters, '-', '_' or '.'"));
    }
  }

  /** Takes over what an update leaves out and says which fields it must not change. */
  static List<FieldError> carryOver(ObjectNode current, ObjectNode next) {
    List<FieldError> errors = new ArrayList<>();
    for (String field : IMMUTABLE) {
      JsonNode wanted = next.get(field);
      if (wanted != null && !wanted.isNull() && !wanted.equals(current.get(field))) {
        errors.add(
            FieldError.invalid("metadata." + field, wanted.toString(), "field is immutable"));
      }
      Json.carry(current, next, field);
    }
    for (String field :
        List.of("generation", "resourceVersion", "namespace", "name", "generateName")) {
      Json.carry(current, next, field);
    }
    if (current.has("deletionTimestamp")) {
      List<JsonNode> former = new ArrayList<>();
      current.path("finalizers").forEach(former::add);
      for (JsonNode finalizer : next.path("finalizers")) {
        if (!former.contains(finalizer)) {
          errors.add(
              FieldError.forbidden(
                  "metadata.finalizers",
                  "no new finalizers can be added if the object is being deleted"));
          break;
        }
      }
    }
    return errors;
  }

  private static String quote(String text) {
    return "\"" + text + "\"";
  }
}
