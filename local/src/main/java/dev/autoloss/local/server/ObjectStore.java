package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All objects, in memory and in the journal. Writes are one after the other, each with the next
 * revision; a write that the journal does not take has not happened. Objects that are handed out
 * are never changed in place.
 */
final class ObjectStore implements Closeable {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final Journal journal;
  private final EventLog events;
  private long revision;

  /**
   * Opens a store on a directory's journal.
   *
   * @param window how many writes watches can go back
   * @throws IOException as {@link Journal#open}
   */
  ObjectStore(Path directory, AppendFile.Opener opener, long compactAt, int window)
      throws IOException {
    Journal.Replay replay =
        Journal.open(
            directory,
            opener,
            compactAt,
            written ->
                written
                    .object()
                    .ifPresentOrElse(
                        o -> objects.put(written.key(), o), () -> objects.remove(written.key())));
    this.journal = replay.journal();
    this.revision = replay.revision();
    this.events = new EventLog(window, revision);
  }

  EventLog events() {
    return events;
  }

  /** The last write's revision. */
  long revision() {
    return locked(() -> revision);
  }

  /** Runs something that reads and then writes, with nothing of others in between. */
  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  Optional<ObjectNode> get(ObjectKey key) {
    return locked(() -> Optional.ofNullable(objects.get(key)));
  }

  /** Objects of a type at one revision. */
  record Listing(List<ObjectNode> objects, long revision) {}

  /**
   * Lists a type.
   *
   * @param namespace empty for all namespaces
   */
  Listing list(ResourceType type, String namespace) {
    return locked(
        () -> {
          List<ObjectNode> found = new ArrayList<>();
          ObjectKey from = new ObjectKey(type.group(), type.plural(), namespace, "");
          for (Map.Entry<ObjectKey, ObjectNode> e : objects.tailMap(from).entrySet()) {
            boolean inside = namespace.isEmpty() || e.getKey().namespace().equals(namespace);
            if (!type.holds(e.getKey()) || !inside) {
              break;
            }
            found.add(e.getValue());
          }
          return new Listing(found, revision);
        });
  }

  /** All objects, by key. */
  Map<ObjectKey, ObjectNode> all() {
    return locked(() -> new TreeMap<>(objects));
  }

  /**
   * Commits an object.
   *
   * @param object the object; the store takes it over and sets its resourceVersion
   * @return the object as it is stored
   */
  ObjectNode put(ObjectKey key, ObjectNode object) {
    return locked(
        () -> {
          long next = revision + 1;
          Json.metadata(object).put("resourceVersion", Long.toString(next));
          append(new JournalRecord(next, key, Optional.of(object)));
          Optional<ObjectNode> previous = Optional.ofNullable(objects.put(key, object));
          committed(new Event(next, key, false, object, previous));
          return object;
        });
  }

  /**
   * Removes an object.
   *
   * @param last its last state; the store takes it over and sets its resourceVersion
   */
  void remove(ObjectKey key, ObjectNode last) {
    locked(
        () -> {
          long next = revision + 1;
          Json.metadata(last).put("resourceVersion", Long.toString(next));
          append(new JournalRecord(next, key, Optional.empty()));
          Optional<ObjectNode> previous = Optional.ofNullable(objects.remove(key));
          committed(new Event(next, key, true, last, previous));
          return last;
        });
  }

  private void append(JournalRecord write) {
    try {
      journal.append(write);
    } catch (IOException e) {
      throw StatusError.internal("the write was not stored: " + e.getMessage());
    }
  }

  private void committed(Event event) {
    revision = event.revision();
    events.append(event);
    if (journal.wantsCompaction()) {
      try {
        journal.compact(
            revision,
            objects.entrySet().stream()
                .map(
                    e ->
                        new JournalRecord(
                            revisionOf(e.getValue()), e.getKey(), Optional.of(e.getValue())))
                .iterator());
      } catch (IOException e) {
        System.err.println("journal not compacted, it goes on to grow: " + e.getMessage());
      }
    }
  }

  private static long revisionOf(ObjectNode object) {
    return Long.parseLong(Json.meta(object, "resourceVersion"));
  }

  @Override
  public void close() throws IOException {
    events.close();
    lock.lock();
    try {
      journal.close();
    } finally {
      lock.unlock();
    }
  }
}
