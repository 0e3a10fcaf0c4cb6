package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the API server does to built-in types beyond their metadata, as far as clients rely on it.
 */
final class BuiltInRules {
  private static final String JOB_LABEL_PREFIX = "batch.kubernetes.io/";

  private BuiltInRules() {}

  /** The status and the defaults of a new object. */
  static void onCreate(ResourceType type, ObjectNode object, String time) {
    if (type.is("", "pods")) {
      object.putObject("status").put("phase", "Pending");
    } else if (type.is("", "namespaces")) {
      object.putObject("status").put("phase", "Active");
    } else if (type.is("batch", "jobs")) {
      object.putObject("status");
      jobDefaults(object);
    } else if (type.is("", "secrets") && !object.has("type")) {
      object.put("type", "Opaque");
    } else if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
      Definitions.establish(object, time);
    }
  }

  private static void jobDefaults(ObjectNode job) {
    if (!(job.path("spec") instanceof ObjectNode spec)) {
      return;
    }
    Map<String, Integer> counts = Map.of("parallelism", 1, "completions", 1, "backoffLimit", 6);
    counts.forEach(
        (field, value) -> {
          if (!spec.has(field)) {
            spec.put(field, value);
          }
        });
    if (!spec.has("suspend")) {
      spec.put("suspend", false);
    }
    if (!spec.has("completionMode")) {
      spec.put("completionMode", "NonIndexed");
    }
    if (spec.path("manualSelector").asBoolean()
        || !(spec.path("template") instanceof ObjectNode template)) {
      return;
    }
    String uid = Json.meta(job, "uid");
    spec.putObject("selector")
        .putObject("matchLabels")
        .put(JOB_LABEL_PREFIX + "controller-uid", uid);
    ObjectNode metadata = Json.metadata(template);
    ObjectNode labels =
        metadata.get("labels") instanceof ObjectNode found ? found : metadata.putObject("labels");
    for (String prefix : List.of("", JOB_LABEL_PREFIX)) {
      labels.put(prefix + "controller-uid", uid).put(prefix + "job-name", Json.meta(job, "name"));
    }
  }

  /** Mistakes in the content of a built-in object. */
  static List<FieldError> validate(ResourceType type, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    if (type.is("batch", "jobs")) {
      JsonNode template = object.path("spec").path("template").path("spec");
      requireContainers(template, "spec.template.spec", errors);
      String policy = template.path("restartPolicy").asText("");
      if (!policy.equals("Never") && !policy.equals("OnFailure")) {
        errors.add(
            new FieldError(
                "spec.template.spec.restartPolicy",
                "FieldValueNotSupported",
                "Unsupported value: \""
                    + policy
                    + "\": supported values: \"OnFailure\", \"Never\""));
      }
    } else if (type.is("", "pods")) {
      requireContainers(object.path("spec"), "spec", errors);
    } else if (type.is("apps", "controllerrevisions")
        && !object.path("revision").isIntegralNumber()) {
      errors.add(FieldError.required("revision", ""));
    }
    return errors;
  }

  private static void requireContainers(JsonNode podSpec, String path, List<FieldError> errors) {
    if (podSpec.path("containers").isEmpty()) {
      errors.add(FieldError.required(path + ".containers", ""));
    }
  }

  /** Changes that a type does not allow. */
  static List<FieldError> validateUpdate(ResourceType type, ObjectNode current, ObjectNode next) {
    List<FieldError> errors = new ArrayList<>();
    if (type.is("batch", "jobs")) {
      for (String field : List.of("template", "selector", "completions", "completionMode")) {
        immutable(
            current.path("spec").path(field),
            next.path("spec").path(field),
            "spec." + field,
            errors);
      }
    } else if (type.is("apps", "controllerrevisions")) {
      immutable(current.path("data"), next.path("data"), "data", errors);
    } else if (type.is("", "configmaps") || type.is("", "secrets")) {
      if (current.path("immutable").asBoolean()) {
        for (String field : List.of("data", "binaryData", "immutable")) {
          if (!current.path(field).equals(next.path(field))) {
            errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
          }
        }
      }
    }
    return errors;
  }

  private static void immutable(
      JsonNode current, JsonNode next, String path, List<FieldError> errors) {
    if (!current.equals(next)) {
      errors.add(FieldError.invalid(path, next.toString(), "field is immutable"));
    }
  }
}
