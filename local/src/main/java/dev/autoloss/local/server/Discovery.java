package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What clients ask to learn which resources there are. */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private final TypeRegistry types;

  Discovery(TypeRegistry types) {
    this.types = types;
  }

  /** The document at a path; empty when it is none of discovery. */
  Optional<ObjectNode> document(String path) {
    String[] steps = path.replaceAll("^/+|/+$", "").split("/", -1);
    return switch (steps[0]) {
      case "version" -> Optional.of(version());
      case "api" -> steps.length == 1 ? Optional.of(versions()) : resources("", steps, 2);
      case "apis" -> apis(steps);
      default -> Optional.empty();
    };
  }

  private Optional<ObjectNode> apis(String[] steps) {
    return switch (steps.length) {
      case 1 -> Optional.of(groups());
      case 2 -> group(steps[1]);
      default -> resources(steps[1], steps, 3);
    };
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "35")
        .put("gitVersion", "v1.35.0-autoloss-local")
        .put("platform", "java");
  }

  private static ObjectNode versions() {
    ObjectNode document = Json.object().put("kind", "APIVersions");
    document.putArray("versions").add("v1");
    document.putArray("serverAddressByClientCIDRs");
    return document;
  }

  private Map<String, String> groupVersions() {
    Map<String, String> versions = new TreeMap<>();
    types.all().stream()
        .filter(t -> !t.group().isEmpty())
        .forEach(t -> versions.put(t.group(), t.version()));
    return versions;
  }

  private static ObjectNode group(String group, String version) {
    ObjectNode entry = Json.object().put("name", group);
    ObjectNode served =
        Json.object().put("groupVersion", group + "/" + version).put("version", version);
    entry.putArray("versions").add(served);
    entry.set("preferredVersion", served);
    return entry;
  }

  private ObjectNode groups() {
    ObjectNode document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = document.putArray("groups");
    groupVersions().forEach((group, version) -> groups.add(group(group, version)));
    return document;
  }

  private Optional<ObjectNode> group(String name) {
    return Optional.ofNullable(groupVersions().get(name))
        .map(version -> group(name, version).put("kind", "APIGroup").put("apiVersion", "v1"));
  }

  private Optional<ObjectNode> resources(String group, String[] steps, int length) {
    if (steps.length != length) {
      return Optional.empty();
    }
    String version = steps[length - 1];
    List<ResourceType> found =
        types.all().stream()
            .filter(t -> t.group().equals(group) && t.version().equals(version))
            .toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode document = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    document.put("groupVersion", found.getFirst().apiVersion());
    ArrayNode resources = document.putArray("resources");
    for (ResourceType type : found) {
      resources.add(resource(type));
      if (type.statusSubresource()) {
        ObjectNode status =
            resource(type).put("name", type.plural() + "/status").put("singularName", "");
        status.remove(List.of("shortNames", "categories"));
        resources.add(status.set("verbs", texts(STATUS_VERBS)));
      }
    }
    return Optional.of(document);
  }

  private static ObjectNode resource(ResourceType type) {
    ObjectNode resource =
        Json.object()
            .put("name", type.plural())
            .put("singularName", type.names().singular())
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    resource.set("verbs", texts(VERBS));
    resource.set("shortNames", texts(type.names().shortNames()));
    resource.set("categories", texts(type.names().categories()));
    return resource;
  }

  private static ArrayNode texts(List<String> values) {
    ArrayNode array = Json.array(List.of());
    values.forEach(array::add);
    return array;
  }
}
