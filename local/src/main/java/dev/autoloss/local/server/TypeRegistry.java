package dev.autoloss.local.server;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The types that the server knows: the built-in ones that the operator and kubectl need, and those
 * of the stored CRDs.
 */
final class TypeRegistry {
  private final Map<String, ResourceType> types = new ConcurrentSkipListMap<>();

  TypeRegistry() {
    add("", "v1", "Namespace", "namespaces", List.of("ns"), Trait.CLUSTER, Trait.STATUS);
    add("", "v1", "Pod", "pods", List.of("po"), Trait.STATUS, Trait.GENERATION);
    add("", "v1", "ConfigMap", "configmaps", List.of("cm"));
    add("", "v1", "Secret", "secrets", List.of());
    add("", "v1", "Service", "services", List.of("svc"), Trait.STATUS);
    add("", "v1", "ServiceAccount", "serviceaccounts", List.of("sa"));
    add("", "v1", "Event", "events", List.of("ev"));
    add("events.k8s.io", "v1", "Event", "events", List.of("ev"));
    add("batch", "v1", "Job", "jobs", List.of(), Trait.STATUS, Trait.GENERATION);
    add("apps", "v1", "ControllerRevision", "controllerrevisions", List.of());
    add("coordination.k8s.io", "v1", "Lease", "leases", List.of());
    add(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
        List.of("crd", "crds"),
        Trait.CLUSTER,
        Trait.STATUS,
        Trait.GENERATION);
  }

  private enum Trait {
    CLUSTER,
    STATUS,
    GENERATION
  }

  private void add(
      String group,
      String version,
      String kind,
      String plural,
      List<String> shortNames,
      Trait... traits) {
    Set<Trait> has = Set.of(traits);
    register(
        new ResourceType(
            group,
            version,
            new ResourceType.Names(
                kind, kind + "List", plural, kind.toLowerCase(Locale.ROOT), shortNames, List.of()),
            !has.contains(Trait.CLUSTER),
            has.contains(Trait.STATUS),
            has.contains(Trait.GENERATION),
            fieldSelectors(plural),
            Optional.empty()));
  }

  private static Set<String> fieldSelectors(String plural) {
    return switch (plural) {
      case "pods" -> Set.of("status.phase", "spec.nodeName", "spec.restartPolicy");
      case "jobs" -> Set.of("status.successful");
      case "events" ->
          Set.of(
              "involvedObject.kind",
              "involvedObject.name",
              "involvedObject.namespace",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "reason",
              "type");
      case "secrets" -> Set.of("type");
      default -> Set.of();
    };
  }

  void register(ResourceType type) {
    types.put(id(type.group(), type.version(), type.plural()), type);
  }

  void unregister(ResourceType type) {
    types.remove(id(type.group(), type.version(), type.plural()));
  }

  private static String id(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }

  Optional<ResourceType> find(String group, String version, String plural) {
    return Optional.ofNullable(types.get(id(group, version, plural)));
  }

  /** The type of a stored object. */
  Optional<ResourceType> of(ObjectKey key) {
    return types.values().stream().filter(type -> type.holds(key)).findFirst();
  }

  /** The type of an owner reference. */
  Optional<ResourceType> ofKind(String apiVersion, String kind) {
    return types.values().stream()
        .filter(type -> type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
        .findFirst();
  }

  /** The built-in type of a CRD's own document. */
  ResourceType definitions() {
    return find("apiextensions.k8s.io", "v1", "customresourcedefinitions").orElseThrow();
  }

  Collection<ResourceType> all() {
    return List.copyOf(types.values());
  }
}
