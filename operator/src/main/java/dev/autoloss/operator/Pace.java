package dev.autoloss.operator;

import io.javaoperatorsdk.operator.processing.event.rate.RateLimiter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets a resource be reconciled at once, and then not again before a moment has passed, so that one
 * look serves all events of that moment. The framework's own limiter goes by the time of day, which
 * may jump.
 */
final class Pace implements RateLimiter<Pace.Last> {
  private final long nanos;
  private final LongSupplier nanoTime;

  Pace(Duration moment, LongSupplier nanoTime) {
    this.nanos = moment.toNanos();
    this.nanoTime = nanoTime;
  }

  /** When a resource was reconciled last. */
  static final class Last implements RateLimiter.RateLimitState {
    private Optional<Long> time = Optional.empty();
  }

  @Override
  public Optional<Duration> isLimited(RateLimitState state) {
    if (!(state instanceof Last last)) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    long left = last.time.map(time -> nanos - (now - time)).orElse(0L);
    if (left > 0) {
      // A timer counts milliseconds.
      return Optional.of(Duration.ofNanos(left).plusMillis(1));
    }
    last.time = Optional.of(now);
    return Optional.empty();
  }

  @Override
  public Last initState() {
    return new Last();
  }
}
