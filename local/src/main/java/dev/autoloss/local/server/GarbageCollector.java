package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deletes what has lost all its owners, in the background, and the contents of a namespace that is
 * deleted. It starts with a look at everything, so that a crash between an owner's deletion and its
 * dependents' leaves nothing behind. An owner of a type that the server does not know counts as
 * there.
 */
final class GarbageCollector implements Runnable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ObjectStore store;
  private final TypeRegistry types;
  private final Deletions deletions;

  GarbageCollector(ObjectStore store, TypeRegistry types, Deletions deletions) {
    this.store = store;
    this.types = types;
    this.deletions = deletions;
  }

  @Override
  public void run() {
    EventLog events = store.events();
    long seen = scan();
    while (!events.isClosed()) {
      try {
        for (Event event : events.after(seen, PATIENCE)) {
          seen = event.revision();
          react(event);
        }
      } catch (StatusError e) {
        // Fallen behind the window, or a write has failed: nothing is lost by looking at everything
        // again.
        seen = scan();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks at all objects; returns the revision from which events are news. */
  private long scan() {
    long revision = store.revision();
    try {
      for (ObjectKey key : store.all().keySet()) {
        collectIfOrphaned(key);
      }
    } catch (StatusError e) {
      System.err.println("owner collection is put off: " + e.getMessage());
    }
    return revision;
  }

  private void react(Event event) {
    if (event.removed()) {
      String uid = Json.meta(event.object(), "uid");
      for (Map.Entry<ObjectKey, ObjectNode> e : store.all().entrySet()) {
        if (owners(e.getValue()).stream().anyMatch(o -> o.path("uid").asText().equals(uid))) {
          collectIfOrphaned(e.getKey());
        } else if (isNamespace(event.key()) && e.getKey().namespace().equals(event.key().name())) {
          delete(e.getKey());
        }
      }
    } else if (!owners(event.object())
        .equals(event.previous().map(GarbageCollector::owners).orElse(List.of()))) {
      collectIfOrphaned(event.key());
    }
  }

  private static boolean isNamespace(ObjectKey key) {
    return key.group().isEmpty() && key.plural().equals("namespaces");
  }

  private static List<JsonNode> owners(ObjectNode object) {
    List<JsonNode> owners = new ArrayList<>();
    object.path("metadata").path("ownerReferences").forEach(owners::add);
    return owners;
  }

  private void collectIfOrphaned(ObjectKey key) {
    Optional<ObjectNode> object = store.get(key);
    List<JsonNode> owners = object.map(GarbageCollector::owners).orElse(List.of());
    if (!owners.isEmpty() && owners.stream().noneMatch(owner -> exists(owner, key.namespace()))) {
      delete(key);
    }
  }

  private boolean exists(JsonNode reference, String namespace) {
    Optional<ResourceType> type =
        types.ofKind(reference.path("apiVersion").asText(), reference.path("kind").asText());
    if (type.isEmpty()) {
      return true;
    }
    return store
        .get(type.get().key(namespace, reference.path("name").asText()))
        .filter(owner -> Json.meta(owner, "uid").equals(reference.path("uid").asText()))
        .isPresent();
  }

  private void delete(ObjectKey key) {
    Optional<ResourceType> type = types.of(key);
    if (type.isEmpty()) {
      return;
    }
    try {
      deletions.delete(type.get(), key.namespace(), key.name(), DeleteOptions.background());
    } catch (StatusError e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }
}
