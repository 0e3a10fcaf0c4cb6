package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the API's verbs mean: creation, update, patch and deletion of objects, with the rules that
 * the API server enforces.
 */
final class ResourceService {
  private static final Set<String> NOT_CONTENT = Set.of("metadata", "status");

  /** The alphabet of Kubernetes for generated names: no vowels, so no words. */
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int GENERATED_PREFIX = 58;

  private final ObjectStore store;
  private final TypeRegistry types;
  private final Deletions deletions;
  private final InstantSource clock;
  // Names and uids must differ from those of every earlier run; no decision of a search depends on
  // them.
  private final SecureRandom names = new SecureRandom();

  ResourceService(ObjectStore store, TypeRegistry types, Deletions deletions, InstantSource clock) {
    this.store = store;
    this.deletions = deletions;
    this.types = types;
    this.clock = clock;
  }

  enum PatchType {
    MERGE,
    JSON,
    APPLY
  }

  /** An object and whether the request made it. */
  record Written(ObjectNode object, boolean created) {}

  ObjectNode get(ResourceType type, String namespace, String name) {
    return store.get(type.key(namespace, name)).orElseThrow(() -> StatusError.notFound(type, name));
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  ObjectNode create(ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
    ObjectNode object = body.deepCopy();
    ObjectNode metadata = Json.metadata(object);
    metadata.remove("managedFields");
    prepare(type, namespace, object, options);
    ManagedFields.recordUpdate(
        Json.object(),
        object,
        options.writer("Update"),
        type.apiVersion(),
        now(),
        type.structure());
    ObjectNode made = newObject(type, object);
    return store.locked(() -> commitNew(type, namespace, made, options));
  }

  /** Checks and completes what a client wants to be stored as a new object. */
  private void prepare(
      ResourceType type, String namespace, ObjectNode object, WriteOptions options) {
    requireKind(type, object);
    ObjectNode metadata = Json.metadata(object);
    String stated = metadata.path("namespace").asText("");
    if (type.namespaced() && !stated.isEmpty() && !stated.equals(namespace)) {
      throw StatusError.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (type.namespaced()) {
      metadata.put("namespace", namespace);
    } else {
      metadata.remove("namespace");
    }
    String prefix = metadata.path("generateName").asText("");
    if (metadata.path("name").asText("").isEmpty() && !prefix.isEmpty()) {
      metadata.put(
          "name", prefix.substring(0, Math.min(prefix.length(), GENERATED_PREFIX)) + suffix());
    }
    if (type.statusSubresource()) {
      object.remove("status");
    }
    normalise(type, object, options);
    reject(type, metadata.path("name").asText(), validate(type, object));
  }

  private ObjectNode newObject(ResourceType type, ObjectNode object) {
    ObjectNode metadata = Json.metadata(object);
    if (!metadata.path("resourceVersion").asText("").isEmpty()) {
      throw StatusError.badRequest("resourceVersion should not be set on objects to be created");
    }
    metadata.remove(
        List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"));
    metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
    if (type.hasGeneration()) {
      metadata.put("generation", 1);
    }
    BuiltInRules.onCreate(type, object, now());
    return object;
  }

  private ObjectNode commitNew(
      ResourceType type, String namespace, ObjectNode object, WriteOptions options) {
    String name = Json.meta(object, "name");
    ObjectKey key = type.key(namespace, name);
    if (store.get(key).isPresent()) {
      throw StatusError.alreadyExists(type, name);
    }
    Optional<ResourceType> defined = defined(type, object);
    if (options.dryRun()) {
      return object;
    }
    ObjectNode stored = store.put(key, object);
    defined.ifPresent(types::register);
    return stored;
  }

  private Optional<ResourceType> defined(ResourceType type, ObjectNode object) {
    return type.equals(types.definitions())
        ? Optional.of(Definitions.typeOf(type, object))
        : Optional.empty();
  }

  private String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(SUFFIX_LETTERS.charAt(names.nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }

  private static void requireName(ObjectNode object, String name) {
    if (!Json.meta(object, "name").equals(name)) {
      throw StatusError.badRequest(
          "the name of the object does not match the name on the URL (" + name + ")");
    }
  }

  private static void requireKind(ResourceType type, ObjectNode object) {
    String apiVersion = object.path("apiVersion").asText("");
    String kind = object.path("kind").asText("");
    if (apiVersion.isEmpty()) {
      object.put("apiVersion", type.apiVersion());
    } else if (!apiVersion.equals(type.apiVersion())) {
      throw StatusError.badRequest(
          "apiVersion: expected " + type.apiVersion() + ", found " + apiVersion);
    }
    if (kind.isEmpty()) {
      object.put("kind", type.kind());
    } else if (!kind.equals(type.kind())) {
      throw StatusError.badRequest("kind: expected " + type.kind() + ", found " + kind);
    }
  }

  /** Prunes unknown fields, which a strict request does not have, and sets defaults. */
  private static void normalise(ResourceType type, ObjectNode object, WriteOptions options) {
    List<String> unknown = new ArrayList<>(ObjectMeta.prune(Json.metadata(object)));
    type.custom()
        .ifPresent(
            custom -> {
              unknown.addAll(CustomRules.prune(custom, object));
              custom.schema().applyDefaults(object);
            });
    rejectUnknown(unknown, options);
  }

  private static void rejectUnknown(List<String> unknown, WriteOptions options) {
    if (options.strict() && !unknown.isEmpty()) {
      String fields = String.join("\", unknown field \"", unknown);
      throw StatusError.badRequest("strict decoding error: unknown field \"" + fields + "\"");
    }
  }

  private static List<FieldError> validate(ResourceType type, ObjectNode object) {
    List<FieldError> errors = new ArrayList<>(ObjectMeta.validate(type, Json.metadata(object)));
    type.custom().ifPresent(custom -> errors.addAll(CustomRules.validate(custom, object)));
    errors.addAll(BuiltInRules.validate(type, object));
    return errors;
  }

  private static void reject(ResourceType type, String name, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw StatusError.invalid(type, name, errors);
    }
  }

  ObjectNode update(
      ResourceType type, String namespace, String name, ObjectNode body, WriteOptions options) {
    requireName(body, name);
    return store.locked(
        () -> {
          ObjectNode current = get(type, namespace, name);
          boolean unconditional = Json.meta(body, "resourceVersion").isEmpty();
          if (unconditional && type.custom().isPresent()) {
            reject(
                type,
                name,
                List.of(
                    FieldError.invalid(
                        "metadata.resourceVersion", "0", "must be specified for an update")));
          }
          return change(type, current, body, options);
        });
  }

  Written patch(ObjectTarget target, PatchType patchType, JsonNode patch, WriteOptions options) {
    ResourceType type = target.type();
    return store.locked(
        () -> {
          Optional<ObjectNode> current = store.get(type.key(target.namespace(), target.name()));
          if (patchType == PatchType.APPLY) {
            return apply(target, current, patch, options);
          }
          ObjectNode live = current.orElseThrow(() -> StatusError.notFound(type, target.name()));
          JsonNode patched =
              patchType == PatchType.MERGE ? Patches.merge(live, patch) : Patches.json(live, patch);
          if (!(patched instanceof ObjectNode next)) {
            throw StatusError.badRequest("the patched document is not an object");
          }
          return new Written(change(type, live, next, options), false);
        });
  }

  /**
   * One object.
   *
   * @param type its type
   * @param namespace its namespace, empty for objects of the cluster
   * @param name its name
   */
  record ObjectTarget(ResourceType type, String namespace, String name) {}

  private Written apply(
      ObjectTarget target, Optional<ObjectNode> current, JsonNode patch, WriteOptions options) {
    ResourceType type = target.type();
    if (!(patch instanceof ObjectNode body)) {
      throw StatusError.badRequest("an apply patch must be an object");
    }
    if (options.fieldManager().isEmpty()) {
      throw StatusError.unprocessable("fieldManager: Required value: is required for apply patch");
    }
    ObjectNode applied = applied(target, body, options);
    ServerSideApply apply = new ServerSideApply(type, options.writer("Apply"), now());
    if (current.isEmpty()) {
      if (options.status()) {
        throw StatusError.notFound(type, target.name());
      }
      ObjectNode made = apply.apply(Json.object(), applied, options.force());
      prepare(type, target.namespace(), made, options);
      return new Written(commitNew(type, target.namespace(), newObject(type, made), options), true);
    }
    ObjectNode live = current.get();
    checkVersion(type, live, body);
    ObjectNode next = apply.apply(live, applied, options.force());
    normalise(type, next, options);
    reject(type, Json.meta(next, "name"), validate(type, next));
    return new Written(settle(type, live, next, options), false);
  }

  /**
   * What an applied document says about the part that is written, without what only the server
   * writes.
   */
  private static ObjectNode applied(ObjectTarget target, ObjectNode body, WriteOptions options) {
    ObjectNode applied = body.deepCopy();
    ObjectNode metadata = Json.metadata(applied);
    if (!metadata.path("name").asText(target.name()).equals(target.name())) {
      throw StatusError.badRequest(
          "the name of the object does not match the name on the URL (" + target.name() + ")");
    }
    requireKind(target.type(), applied);
    List<String> unknown = new ArrayList<>(ObjectMeta.prune(metadata));
    target.type().custom().ifPresent(custom -> unknown.addAll(CustomRules.prune(custom, applied)));
    rejectUnknown(unknown, options);
    metadata.remove(ObjectMeta.SYSTEM_FIELDS);
    if (options.status()) {
      metadata.removeAll();
      applied.retain("apiVersion", "kind", "metadata", "status");
    } else if (target.type().statusSubresource()) {
      applied.remove("status");
    }
    metadata.put("name", target.name());
    return applied;
  }

  private void checkVersion(ResourceType type, ObjectNode current, ObjectNode wanted) {
    String name = Json.meta(current, "name");
    String version = Json.meta(wanted, "resourceVersion");
    if (!version.isEmpty() && !version.equals(Json.meta(current, "resourceVersion"))) {
      throw StatusError.conflict(
          type,
          name,
          "the object has been modified; please apply your changes to the latest version and try again");
    }
    String uid = Json.meta(wanted, "uid");
    if (!uid.isEmpty() && !uid.equals(Json.meta(current, "uid"))) {
      throw StatusError.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: "
              + uid
              + ", UID in object meta: "
              + Json.meta(current, "uid"));
    }
  }

  /** An update: takes from the wanted document the part that this request may write. */
  private ObjectNode change(
      ResourceType type, ObjectNode current, ObjectNode wanted, WriteOptions options) {
    ObjectNode next = wanted.deepCopy();
    requireKind(type, next);
    requireName(next, Json.meta(current, "name"));
    checkVersion(type, current, next);
    Json.carry((ObjectNode) current.path("metadata"), Json.metadata(next), "managedFields");
    if (options.status()) {
      JsonNode status = next.get("status");
      next = current.deepCopy();
      if (status == null) {
        next.remove("status");
      } else {
        next.set("status", status);
      }
    } else if (type.statusSubresource()) {
      Json.carry(current, next, "status");
    }
    normalise(type, next, options);
    reject(type, Json.meta(next, "name"), validate(type, next));
    ManagedFields.recordUpdate(
        current, next, options.writer("Update"), type.apiVersion(), now(), type.structure());
    return settle(type, current, next, options);
  }

  /** Checks a changed object and stores it, or removes it when its last finalizer is gone. */
  private ObjectNode settle(
      ResourceType type, ObjectNode current, ObjectNode next, WriteOptions options) {
    String name = Json.meta(current, "name");
    ObjectNode metadata = Json.metadata(next);
    List<FieldError> errors =
        new ArrayList<>(ObjectMeta.carryOver((ObjectNode) current.path("metadata"), metadata));
    errors.addAll(BuiltInRules.validateUpdate(type, current, next));
    reject(type, name, errors);
    Optional<ResourceType> defined = defined(type, next);
    if (type.hasGeneration() && !content(type, current).equals(content(type, next))) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    if (next.equals(current) || options.dryRun()) {
      return next;
    }
    ObjectKey key = type.key(Json.meta(current, "namespace"), name);
    if (metadata.has("deletionTimestamp") && metadata.path("finalizers").isEmpty()) {
      deletions.removeNow(type, key, next);
      return next;
    }
    ObjectNode stored = store.put(key, next);
    defined.ifPresent(types::register);
    return stored;
  }

  private static ObjectNode content(ResourceType type, ObjectNode object) {
    ObjectNode content = object.deepCopy();
    return content.without(type.statusSubresource() ? NOT_CONTENT : Set.of("metadata"));
  }
}
