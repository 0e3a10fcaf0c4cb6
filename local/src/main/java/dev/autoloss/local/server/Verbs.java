package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** The API's verbs on a resource: from a request to the document that answers it. */
final class Verbs {
  private final ObjectStore store;
  private final ResourceService service;
  private final Deletions deletions;
  private final PodLogs logs;

  Verbs(ObjectStore store, ResourceService service, Deletions deletions, PodLogs logs) {
    this.store = store;
    this.service = service;
    this.deletions = deletions;
    this.logs = logs;
  }

  /** An answer: HTTP code and document. */
  record Answer(int code, JsonNode document) {}

  Answer answer(Request request, ResourceType type, RequestPath path) throws IOException {
    return switch (request.method()) {
      case "GET" -> new Answer(200, read(request, type, path));
      case "POST" -> create(request, type, path);
      case "PUT" -> new Answer(200, update(request, type, path));
      case "PATCH" -> patch(request, type, path);
      case "DELETE" -> new Answer(200, delete(request, type, path));
      default -> throw StatusError.methodNotAllowed(request.method());
    };
  }

  private ObjectNode read(Request request, ResourceType type, RequestPath path) {
    if (!path.name().isEmpty()) {
      ObjectNode object = service.get(type, path.namespace(), path.name());
      return request.wantsTable()
          ? new TableView(type).of(List.of(object), Json.meta(object, "resourceVersion"))
          : object;
    }
    Predicate<JsonNode> selector = selector(request, type);
    ObjectStore.Listing listing = store.list(type, path.namespace());
    List<ObjectNode> objects = listing.objects().stream().filter(selector).toList();
    String revision = Long.toString(listing.revision());
    if (request.wantsTable()) {
      return new TableView(type).of(objects, revision);
    }
    ObjectNode list =
        Json.object().put("kind", type.names().listKind()).put("apiVersion", type.apiVersion());
    list.putObject("metadata").put("resourceVersion", revision);
    list.set("items", Json.array(objects));
    return list;
  }

  static Predicate<JsonNode> selector(Request request, ResourceType type) {
    return Selector.of(
        type, request.parameter("labelSelector"), request.parameter("fieldSelector"));
  }

  private Answer create(Request request, ResourceType type, RequestPath path) throws IOException {
    if (!path.name().isEmpty()) {
      throw StatusError.methodNotAllowed("POST");
    }
    return new Answer(
        201,
        service.create(type, path.namespace(), request.objectBody(), request.writeOptions("")));
  }

  private ObjectNode update(Request request, ResourceType type, RequestPath path)
      throws IOException {
    requireName(request, path);
    return service.update(
        type,
        path.namespace(),
        path.name(),
        request.objectBody(),
        request.writeOptions(path.subresource()));
  }

  private static void requireName(Request request, RequestPath path) {
    if (path.name().isEmpty()) {
      throw StatusError.methodNotAllowed(request.method());
    }
  }

  private Answer patch(Request request, ResourceType type, RequestPath path) throws IOException {
    requireName(request, path);
    ResourceService.PatchType patchType =
        switch (request.contentType()) {
          case "application/merge-patch+json" -> ResourceService.PatchType.MERGE;
          case "application/json-patch+json" -> ResourceService.PatchType.JSON;
          case "application/apply-patch+yaml" -> ResourceService.PatchType.APPLY;
          default ->
              throw StatusError.unsupportedMediaType(
                  request.contentType(),
                  "application/merge-patch+json, application/json-patch+json or application/apply-patch+yaml");
        };
    ResourceService.Written written =
        service.patch(
            new ResourceService.ObjectTarget(type, path.namespace(), path.name()),
            patchType,
            request.body(),
            request.writeOptions(path.subresource()));
    return new Answer(written.created() ? 201 : 200, written.object());
  }

  private ObjectNode delete(Request request, ResourceType type, RequestPath path)
      throws IOException {
    if (!path.subresource().isEmpty()) {
      throw StatusError.methodNotAllowed("DELETE");
    }
    DeleteOptions options =
        DeleteOptions.of(request.body(), request.parameter("propagationPolicy"), request.dryRun());
    if (!path.name().isEmpty()) {
      return deletions.delete(type, path.namespace(), path.name(), options);
    }
    ObjectNode list =
        Json.object().put("kind", type.names().listKind()).put("apiVersion", type.apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(store.revision()));
    list.set(
        "items", deletions.deleteAll(type, path.namespace(), selector(request, type), options));
    return list;
  }

  /** The log of a pod. */
  byte[] log(Request request, ResourceType type, RequestPath path) {
    service.get(type, path.namespace(), path.name());
    String tail = request.parameter("tailLines");
    OptionalInt lines;
    try {
      lines = tail.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(tail));
    } catch (NumberFormatException e) {
      throw StatusError.badRequest("tailLines: expected an integer, found " + tail);
    }
    return logs.read(path.namespace(), path.name(), lines)
        .orElseThrow(() -> StatusError.notFound(type, path.name()));
  }
}
