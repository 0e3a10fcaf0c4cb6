package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What is there before the first request: the usual namespaces and the definitions that the server
 * is started with.
 */
final class Bootstrap {
  private static final WriteOptions OPTIONS =
      new WriteOptions(false, false, true, "autoloss-local", "");

  private final ObjectStore store;
  private final TypeRegistry types;
  private final ResourceService service;

  Bootstrap(ObjectStore store, TypeRegistry types, ResourceService service) {
    this.store = store;
    this.types = types;
    this.service = service;
  }

  void run(List<JsonNode> definitions) {
    ResourceType namespaces = types.find("", "v1", "namespaces").orElseThrow();
    for (String name : List.of("default", "kube-system")) {
      if (store.get(namespaces.key("", name)).isEmpty()) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        service.create(namespaces, "", namespace, OPTIONS);
      }
    }
    for (JsonNode definition : definitions) {
      String name = Json.meta(definition, "name");
      service.patch(
          new ResourceService.ObjectTarget(types.definitions(), "", name),
          ResourceService.PatchType.APPLY,
          definition,
          OPTIONS);
    }
  }
}
