package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.document.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads CustomResourceDefinitions: which type one defines, and the status that it gets. */
final class Definitions {
  private Definitions() {}

  /**
   * The type that a CRD defines.
   *
   * @throws StatusError 422 naming the field, when something needed is missing, or there are
   *     several served versions
   */
  static ResourceType typeOf(ResourceType definitions, ObjectNode crd) {
    JsonNode spec = crd.path("spec");
    List<FieldError> errors = new ArrayList<>();
    String group = text(spec, "group", "spec.group", errors);
    String plural = text(spec.path("names"), "plural", "spec.names.plural", errors);
    String kind = text(spec.path("names"), "kind", "spec.names.kind", errors);
    String scope = text(spec, "scope", "spec.scope", errors);
    String name = Json.meta(crd, "name");
    if (!name.equals(plural + "." + group)) {
      errors.add(
          FieldError.invalid(
              "metadata.name", "\"" + name + "\"", "must be spec.names.plural+\".\"+spec.group"));
    }
    JsonNode version = servedVersion(spec.path("versions"), errors);
    if (!errors.isEmpty()) {
      throw StatusError.invalid(definitions, name, errors);
    }
    return new ResourceType(
        group,
        version.path("name").asText(),
        names(spec.path("names"), kind),
        scope.equals("Namespaced"),
        version.path("subresources").has("status"),
        true,
        Set.of(),
        Optional.of(
            new ResourceType.Custom(
                StructuralSchema.of(crd, version.path("name").asText()),
                version.path("schema").path("openAPIV3Schema"),
                version.path("additionalPrinterColumns"))));
  }

  private static JsonNode servedVersion(JsonNode versions, List<FieldError> errors) {
    List<JsonNode> served = new ArrayList<>();
    for (JsonNode version : versions) {
      if (version.path("served").asBoolean()) {
        served.add(version);
      }
    }
    if (served.size() != 1) {
      String found = served.size() + " served";
      errors.add(
          FieldError.invalid("spec.versions", found, "this server serves exactly one version"));
      return MissingNode.getInstance();
    }
    if (!served.getFirst().path("schema").path("openAPIV3Schema").isObject()) {
      errors.add(
          FieldError.required("spec.versions[0].schema.openAPIV3Schema", "schemas are required"));
    }
    return served.getFirst();
  }

  private static ResourceType.Names names(JsonNode names, String kind) {
    return new ResourceType.Names(
        kind,
        names.path("listKind").asText(kind + "List"),
        names.path("plural").asText(),
        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
        texts(names.path("shortNames")),
        texts(names.path("categories")));
  }

  private static String text(JsonNode parent, String field, String path, List<FieldError> errors) {
    String text = parent.path(field).asText("");
    if (text.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    return text;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  /**
   * Says in a CRD's status that its names are taken and its type is served, which it is as soon as
   * the CRD is stored.
   */
  static void establish(ObjectNode crd, String time) {
    ObjectNode status = crd.putObject("status");
    ArrayNode conditions = status.putArray("conditions");
    for (String[] condition :
        List.of(
            new String[] {"NamesAccepted", "NoConflicts"},
            new String[] {"Established", "InitialNamesAccepted"})) {
      conditions
          .addObject()
          .put("type", condition[0])
          .put("status", "True")
          .put("reason", condition[1])
          .put("message", "")
          .put("lastTransitionTime", time);
    }
    status.set("acceptedNames", crd.path("spec").path("names").deepCopy());
    ArrayNode stored = status.putArray("storedVersions");
    crd.path("spec")
        .path("versions")
        .forEach(
            v -> {
              if (v.path("storage").asBoolean()) {
                stored.add(v.path("name"));
              }
            });
  }
}
