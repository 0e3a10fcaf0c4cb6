package dev.autoloss.local.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last writes in the order of their revisions, which have no gaps. Watches read from it at
 * their own pace; a writer never waits for one. A watch that falls behind the window gets 410 and
 * lists again.
 */
final class EventLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Event[] window;
  private long last;
  private long first;
  private boolean closed;

  /**
   * An empty log.
   *
   * @param capacity how many writes it keeps
   * @param revision the revision of the last write before it
   */
  EventLog(int capacity, long revision) {
    this.window = new Event[capacity];
    this.last = revision;
    this.first = revision + 1;
  }

  void append(Event event) {
    lock.lock();
    try {
      if (event.revision() != last + 1) {
        throw new IllegalStateException("revision " + event.revision() + " after " + last);
      }
      last = event.revision();
      window[(int) (last % window.length)] = event;
      first = Math.max(first, last - window.length + 1);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Throws 410 unless all writes after a revision are at hand. */
  void requireAfter(long revision) {
    lock.lock();
    try {
      if (revision + 1 < first || revision > last) {
        throw StatusError.gone("too old resource version: " + revision + " (" + (first - 1) + ")");
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The writes after a revision; waits for one if there is none.
   *
   * @param revision the last one seen
   * @param patience how long to wait
   * @return at most 256 of them, empty when the time is over or the log is closed
   * @throws StatusError 410 when some are no longer at hand
   * @throws InterruptedException if the thread is told to stop
   */
  List<Event> after(long revision, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long nanos = patience.toNanos();
      while (last <= revision && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      requireAfter(revision);
      List<Event> events = new ArrayList<>();
      for (long r = revision + 1; r <= last && events.size() < 256; r++) {
        events.add(window[(int) (r % window.length)]);
      }
      return events;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
