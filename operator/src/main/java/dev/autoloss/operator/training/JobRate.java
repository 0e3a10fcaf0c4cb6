package dev.autoloss.operator.training;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many Jobs may be created a second: a bucket that holds as many tokens as fall into it in one
 * second. Who finds it empty gets the next token that will fall, and is told when; so a queue forms
 * and nobody asks in vain again and again.
 */
public final class JobRate {
  private static final long SECOND = 1_000_000_000;

  private final long interval;
  private final LongSupplier nanos;
  private final Map<String, Long> reserved = new HashMap<>();
  private long next;

  /**
   * Makes a full bucket.
   *
   * @param perSecond tokens a second; 0 for no limit
   * @param nanos a clock such as {@link System#nanoTime}
   */
  public JobRate(int perSecond, LongSupplier nanos) {
    this.interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.nanos = nanos;
    this.next = nanos.getAsLong() - SECOND;
  }

  /** Takes a token: now, or after the wait that is returned, when the same name asks again. */
  synchronized Duration take(String name) {
    if (interval == 0) {
      return Duration.ZERO;
    }
    long now = nanos.getAsLong();
    Long mine = reserved.get(name);
    if (mine == null) {
      // Tokens that nobody took for a second have run over.
      next = next - (now - SECOND) < 0 ? now - SECOND + interval : next + interval;
      mine = next;
      reserved.put(name, mine);
    }
    if (mine - now > 0) {
      return Duration.ofNanos(mine - now);
    }
    reserved.remove(name);
    return Duration.ZERO;
  }

  /** Gives up what is kept for somebody who does not come again. */
  synchronized void forget(String name) {
    reserved.remove(name);
  }
}
