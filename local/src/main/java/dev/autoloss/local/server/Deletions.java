package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** How objects go: at once, or marked until their last finalizer is gone. */
final class Deletions {
  private final ObjectStore store;
  private final TypeRegistry types;
  private final InstantSource clock;

  Deletions(ObjectStore store, TypeRegistry types, InstantSource clock) {
    this.store = store;
    this.types = types;
    this.clock = clock;
  }

  /**
   * Deletes an object, or marks it when it has finalizers.
   *
   * @return the marked object, or a Status when it is gone
   */
  ObjectNode delete(ResourceType type, String namespace, String name, DeleteOptions options) {
    return store.locked(
        () -> {
          ObjectKey key = type.key(namespace, name);
          ObjectNode current = store.get(key).orElseThrow(() -> StatusError.notFound(type, name));
          precondition(type, name, "UID", options.uid(), Json.meta(current, "uid"));
          precondition(
              type,
              name,
              "ResourceVersion",
              options.resourceVersion(),
              Json.meta(current, "resourceVersion"));
          if (options.dryRun()) {
            return current;
          }
          if (options.orphan()) {
            orphan(Json.meta(current, "uid"));
          }
          ObjectNode next = current.deepCopy();
          if (current.path("metadata").path("finalizers").isEmpty()) {
            removeNow(type, key, next);
            return StatusError.success(type, name, Json.meta(current, "uid"));
          }
          return mark(key, current, next);
        });
  }

  private ObjectNode mark(ObjectKey key, ObjectNode current, ObjectNode next) {
    ObjectNode metadata = Json.metadata(next);
    if (metadata.has("deletionTimestamp")) {
      return current;
    }
    String time = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    metadata.put("deletionTimestamp", time).put("deletionGracePeriodSeconds", 0);
    if (metadata.has("generation")) {
      metadata.put("generation", metadata.path("generation").asLong() + 1);
    }
    return store.put(key, next);
  }

  private static void precondition(
      ResourceType type, String name, String what, String wanted, String found) {
    if (!wanted.isEmpty() && !wanted.equals(found)) {
      throw StatusError.conflict(
          type,
          name,
          "Precondition failed: "
              + what
              + " in precondition: "
              + wanted
              + ", "
              + what
              + " in object meta: "
              + found);
    }
  }

  /** Removes an object, and with a CRD all objects of its type. */
  void removeNow(ResourceType type, ObjectKey key, ObjectNode last) {
    if (type.equals(types.definitions())) {
      ResourceType defined = Definitions.typeOf(type, last);
      for (ObjectNode instance : store.list(defined, "").objects()) {
        store.remove(
            defined.key(Json.meta(instance, "namespace"), Json.meta(instance, "name")),
            instance.deepCopy());
      }
      types.unregister(defined);
    }
    store.remove(key, last);
  }

  /** Takes the reference to an owner from all its dependents. */
  private void orphan(String uid) {
    for (Map.Entry<ObjectKey, ObjectNode> e : store.all().entrySet()) {
      List<JsonNode> rest = new ArrayList<>();
      JsonNode owners = e.getValue().path("metadata").path("ownerReferences");
      owners.forEach(
          owner -> {
            if (!owner.path("uid").asText().equals(uid)) {
              rest.add(owner);
            }
          });
      if (rest.size() < owners.size()) {
        ObjectNode next = e.getValue().deepCopy();
        Json.metadata(next).set("ownerReferences", Json.array(rest));
        store.put(e.getKey(), next);
      }
    }
  }

  /** Deletes all objects that are selected, each as by {@link #delete}. */
  ArrayNode deleteAll(
      ResourceType type, String namespace, Predicate<JsonNode> selector, DeleteOptions options) {
    List<ObjectNode> deleted = new ArrayList<>();
    for (ObjectNode object : store.list(type, namespace).objects()) {
      if (selector.test(object)) {
        deleted.add(object);
        try {
          delete(type, Json.meta(object, "namespace"), Json.meta(object, "name"), options);
        } catch (StatusError e) {
          if (e.code() != 404) {
            throw e;
          }
        }
      }
    }
    return Json.array(deleted);
  }
}
