package dev.autoloss.operator.training;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How many writes of a kind may be made a second: a bucket that holds as many tokens as fall into
 * it in one second. Who finds it empty stands in a line and is told when its turn comes; so nobody
 * asks in vain again and again. Who leaves the line makes it shorter for all behind.
 */
public final class WriteRate {
  private static final long SECOND = 1_000_000_000;

  private final long interval;
  private final LongSupplier nanos;
  private final Set<String> line = new LinkedHashSet<>();

  /** When the token that was taken last had fallen. */
  private long last;

  /**
   * Makes a full bucket.
   *
   * @param perSecond tokens a second; 0 for no limit
   * @param nanos a clock such as {@link System#nanoTime}
   */
  public WriteRate(int perSecond, LongSupplier nanos) {
    this.interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.nanos = nanos;
    this.last = nanos.getAsLong() - SECOND;
  }

  /** Takes a token: now, or after the wait that is returned, when the same name asks again. */
  synchronized Duration take(String name) {
    if (interval == 0) {
      return Duration.ZERO;
    }
    long now = nanos.getAsLong();
    // Tokens that nobody took for a second have run over.
    long next = Math.max(last - (now - SECOND), 0) + (now - SECOND) + interval;
    line.add(name);
    long wait = next - now + interval * before(name);
    if (wait > 0) {
      return Duration.ofNanos(wait);
    }
    line.remove(name);
    last = next;
    return Duration.ZERO;
  }

  private int before(String name) {
    int place = 0;
    for (String waiting : line) {
      if (waiting.equals(name)) {
        break;
      }
      place++;
    }
    return place;
  }

  /** Takes somebody who does not come again out of the line. */
  synchronized void forget(String name) {
    line.remove(name);
  }
}
