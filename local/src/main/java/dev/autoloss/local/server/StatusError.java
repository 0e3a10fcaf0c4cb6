package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** A request that is refused: the API's Status object with its HTTP code. */
final class StatusError extends RuntimeException {
  private final int code;
  private final String reason;
  private final ObjectNode details;

  private StatusError(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  private static StatusError of(int code, String reason, String message) {
    return new StatusError(code, reason, message, Json.object());
  }

  static StatusError badRequest(String message) {
    return of(400, "BadRequest", message);
  }

  static StatusError unauthorized() {
    return of(401, "Unauthorized", "Unauthorized");
  }

  static StatusError noSuchPath() {
    return of(404, "NotFound", "the server could not find the requested resource");
  }

  static StatusError notFound(ResourceType type, String name) {
    return new StatusError(
        404, "NotFound", type.qualifiedName() + " \"" + name + "\" not found", details(type, name));
  }

  static StatusError methodNotAllowed(String method) {
    return of(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource: " + method);
  }

  static StatusError alreadyExists(ResourceType type, String name) {
    return new StatusError(
        409,
        "AlreadyExists",
        type.qualifiedName() + " \"" + name + "\" already exists",
        details(type, name));
  }

  static StatusError conflict(ResourceType type, String name, String why) {
    return new StatusError(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.qualifiedName() + " \"" + name + "\": " + why,
        details(type, name));
  }

  static StatusError applyConflict(ResourceType type, String name, List<FieldError> conflicts) {
    ObjectNode details = details(type, name);
    causes(details, conflicts);
    String many = conflicts.size() == 1 ? "1 conflict" : conflicts.size() + " conflicts";
    String where =
        conflicts.stream()
            .map(conflict -> conflict.message() + ": " + conflict.field())
            .collect(Collectors.joining(", "));
    return new StatusError(409, "Conflict", "Apply failed with " + many + ": " + where, details);
  }

  static StatusError gone(String message) {
    return of(410, "Expired", message);
  }

  static StatusError tooLarge(int limit) {
    return of(413, "RequestEntityTooLarge", "limit is " + limit + " bytes");
  }

  static StatusError unsupportedMediaType(String found, String expected) {
    return of(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format: " + found + "; expected " + expected);
  }

  static StatusError invalid(ResourceType type, String name, List<FieldError> errors) {
    ObjectNode details = details(type, name);
    causes(details, errors);
    return new StatusError(
        422,
        "Invalid",
        type.qualifiedKind() + " \"" + name + "\" is invalid: " + join(errors),
        details);
  }

  static StatusError unprocessable(String message) {
    return of(422, "Invalid", message);
  }

  static StatusError internal(String message) {
    return of(500, "InternalError", "Internal error occurred: " + message);
  }

  private static ObjectNode details(ResourceType type, String name) {
    return Json.object().put("name", name).put("group", type.group()).put("kind", type.plural());
  }

  private static void causes(ObjectNode details, List<FieldError> errors) {
    ArrayNode causes = details.putArray("causes");
    for (FieldError error : errors) {
      causes
          .addObject()
          .put("reason", error.reason())
          .put("message", error.message())
          .put("field", error.field());
    }
  }

  private static String join(List<FieldError> errors) {
    String joined = errors.stream().map(FieldError::toString).collect(Collectors.joining(", "));
    return errors.size() == 1 ? joined : "[" + joined + "]";
  }

  int code() {
    return code;
  }

  /** The Status object that the client gets. */
  ObjectNode toJson() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    status.set("details", details);
    return status.put("code", code);
  }

  /** The Status of a request that succeeded and has no object to return. */
  static ObjectNode success(ResourceType type, String name, String uid) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    status.set("details", details(type, name).put("uid", uid));
    return status;
  }
}
