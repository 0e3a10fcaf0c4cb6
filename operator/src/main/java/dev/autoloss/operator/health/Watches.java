package dev.autoloss.operator.health;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Tells a watch that is broken from one that is only being opened again, as each is from time to
 * time, and all are while the API server is away: a new process would mend neither.
 */
public final class Watches {
  private final BooleanSupplier whole;
  private final BooleanSupplier reachable;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final AtomicLong good;

  /**
   * Makes an observer, for which all is well at first.
   *
   * @param whole says whether all watches are open now
   * @param reachable says whether the API server answers
   * @param patience how long a watch may take to be open again while the API server answers
   * @param nanoTime a clock as {@link System#nanoTime} is one
   */
  public Watches(
      BooleanSupplier whole, BooleanSupplier reachable, Duration patience, LongSupplier nanoTime) {
    this.whole = whole;
    this.reachable = reachable;
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.good = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * Looks; must be asked more often than the patience lasts.
   *
   * @return a sentence if a watch is broken; else empty
   */
  public Optional<String> broken() {
    long now = nanoTime.getAsLong();
    if (whole.getAsBoolean() || !reachable.getAsBoolean()) {
      good.set(now);
    }
    long since = now - good.get();
    return since > patience.toNanos()
        ? Optional.of(
            "a watch has been broken for %d s though the API server answers"
                .formatted(Duration.ofNanos(since).toSeconds()))
        : Optional.empty();
  }
}
