package dev.autoloss.local.server;

import java.util.List;
import java.util.Optional;

/**
 * The path of a request for a resource.
 *
 * @param group API group, empty for the core
 * @param version API version
 * @param namespace namespace, empty for all or for objects of the cluster
 * @param plural resource
 * @param name object, empty for the collection
 * @param subresource subresource, empty for the object itself
 */
record RequestPath(
    String group,
    String version,
    String namespace,
    String plural,
    String name,
    String subresource) {

  /**
   * Reads {@code /api/v1/…} or {@code /apis/group/version/…}; empty when the path is none of a
   * resource.
   */
  static Optional<RequestPath> parse(String path) {
    List<String> steps = List.of(path.replaceAll("^/+|/+$", "").split("/", -1));
    if (steps.size() >= 3 && steps.getFirst().equals("api")) {
      return resource("", steps.get(1), steps.subList(2, steps.size()));
    }
    if (steps.size() >= 4 && steps.getFirst().equals("apis")) {
      return resource(steps.get(1), steps.get(2), steps.subList(3, steps.size()));
    }
    return Optional.empty();
  }

  private static Optional<RequestPath> resource(String group, String version, List<String> steps) {
    boolean inNamespace =
        steps.size() >= 3
            && steps.getFirst().equals("namespaces")
            && !(group.isEmpty() && steps.get(2).equals("status"));
    String namespace = inNamespace ? steps.get(1) : "";
    List<String> rest = inNamespace ? steps.subList(2, steps.size()) : steps;
    if (rest.size() > 3 || rest.contains("")) {
      return Optional.empty();
    }
    return Optional.of(
        new RequestPath(
            group,
            version,
            namespace,
            rest.getFirst(),
            rest.size() > 1 ? rest.get(1) : "",
            rest.size() > 2 ? rest.get(2) : ""));
  }
}
