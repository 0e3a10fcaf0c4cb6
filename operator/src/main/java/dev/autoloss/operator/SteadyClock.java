package dev.autoloss.operator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that does not jump when the wall clock is set: deadlines of attempts are compared with
 * it, and nobody's trial is to be given up because an administrator has corrected the time. It goes
 * on from the wall clock's first reading and then follows it at most a tenth faster or slower than
 * time passes.
 */
final class SteadyClock implements InstantSource {
  private static final int FRACTION = 10;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private Instant steady;
  private long read;

  /**
   * Starts at the wall clock's time.
   *
   * @param nanos time that passes whatever the wall clock shows, as {@link System#nanoTime}
   */
  SteadyClock(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.steady = wall.instant();
    this.read = nanos.getAsLong();
  }

  @Override
  public synchronized Instant instant() {
    long now = nanos.getAsLong();
    Duration passed = Duration.ofNanos(now - read);
    read = now;
    Instant expected = steady.plus(passed);
    Duration most = passed.dividedBy(FRACTION);
    Duration off = Duration.between(expected, wall.instant());
    Duration correction =
        off.abs().compareTo(most) <= 0 ? off : off.isNegative() ? most.negated() : most;
    steady = expected.plus(correction);
    return steady;
  }
}
