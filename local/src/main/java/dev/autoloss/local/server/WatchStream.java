package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * One watch: the events of a type, a namespace and a selector, as lines of JSON. An object that
 * stops to match is DELETED for it, one that begins to match is ADDED.
 */
final class WatchStream {
  /**
   * How long a silent watch waits before it looks whether its client is still there, where it may
   * send a bookmark.
   */
  private static final Duration PULSE = Duration.ofSeconds(20);

  private final ObjectStore store;
  private final Scope scope;
  private final Parameters parameters;

  /**
   * What a watch is about.
   *
   * @param type type
   * @param namespace empty for all
   * @param selector labels and fields
   */
  record Scope(ResourceType type, String namespace, Predicate<JsonNode> selector) {
    boolean contains(ObjectKey key) {
      return type.holds(key) && (namespace.isEmpty() || namespace.equals(key.namespace()));
    }
  }

  /**
   * What a client asks for.
   *
   * @param resourceVersion after which; empty or 0 for all that is there, first
   * @param bookmarks whether to say now and then how far the watch is
   * @param initialEvents whether to begin with all that is there and say where that ends
   * @param timeout how long
   * @param table whether objects come as tables
   */
  record Parameters(
      String resourceVersion,
      boolean bookmarks,
      boolean initialEvents,
      Duration timeout,
      boolean table) {}

  WatchStream(ObjectStore store, Scope scope, Parameters parameters) {
    this.store = store;
    this.scope = scope;
    this.parameters = parameters;
  }

  /** What is sent before the first event. */
  record Start(List<ObjectNode> initial, long revision) {}

  /**
   * Where the watch begins.
   *
   * @throws StatusError 410 when it is outside the window, 400 when it is no version
   */
  Start start() {
    String from = parameters.resourceVersion();
    if (from.isEmpty() || from.equals("0") || parameters.initialEvents()) {
      ObjectStore.Listing listing = store.list(scope.type(), scope.namespace());
      List<ObjectNode> matching = listing.objects().stream().filter(scope.selector()).toList();
      return new Start(matching, listing.revision());
    }
    try {
      long revision = Long.parseLong(from);
      store.events().requireAfter(revision);
      return new Start(List.of(), revision);
    } catch (NumberFormatException e) {
      throw StatusError.badRequest(
          "resourceVersion: expected a version of this server, found " + from);
    }
  }

  /** Sends events until the time is over, the client is gone or the server stops. */
  void send(Start start, OutputStream out) throws IOException, InterruptedException {
    for (ObjectNode object : start.initial()) {
      write(out, "ADDED", object);
    }
    long seen = start.revision();
    if (parameters.initialEvents()) {
      write(out, "BOOKMARK", bookmark(seen, true));
    }
    out.flush();
    long end = System.nanoTime() + parameters.timeout().toNanos();
    try {
      for (long left = end - System.nanoTime();
          left > 0 && !store.events().isClosed();
          left = end - System.nanoTime()) {
        List<Event> events =
            store.events().after(seen, Duration.ofNanos(Math.min(left, PULSE.toNanos())));
        for (Event event : events) {
          seen = event.revision();
          send(event, out);
        }
        if (events.isEmpty() && parameters.bookmarks()) {
          write(out, "BOOKMARK", bookmark(seen, false));
        }
        out.flush();
      }
    } catch (StatusError e) {
      write(out, "ERROR", e.toJson());
      out.flush();
    }
  }

  private void send(Event event, OutputStream out) throws IOException {
    if (!scope.contains(event.key())) {
      return;
    }
    boolean before = event.previous().filter(scope.selector()).isPresent();
    boolean now = !event.removed() && scope.selector().test(event.object());
    if (now) {
      write(out, before ? "MODIFIED" : "ADDED", event.object());
    } else if (before) {
      write(out, "DELETED", last(event));
    }
  }

  /** The state in which a watch last knew an object, with the revision at which it went. */
  private static ObjectNode last(Event event) {
    if (event.removed()) {
      return event.object();
    }
    ObjectNode last = event.previous().orElse(event.object()).deepCopy();
    Json.metadata(last).put("resourceVersion", Long.toString(event.revision()));
    return last;
  }

  private ObjectNode bookmark(long revision, boolean endOfInitial) {
    ObjectNode bookmark =
        Json.object().put("kind", scope.type().kind()).put("apiVersion", scope.type().apiVersion());
    ObjectNode metadata = Json.metadata(bookmark).put("resourceVersion", Long.toString(revision));
    if (endOfInitial) {
      metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    return bookmark;
  }

  private void write(OutputStream out, String type, ObjectNode object) throws IOException {
    boolean isObject = !type.equals("ERROR") && !type.equals("BOOKMARK");
    ObjectNode shown =
        parameters.table() && isObject
            ? new TableView(scope.type()).of(List.of(object), Json.meta(object, "resourceVersion"))
            : object;
    ObjectNode event = Json.object().put("type", type);
    event.set("object", shown);
    out.write(Json.bytes(event));
    out.write('\n');
  }
}
