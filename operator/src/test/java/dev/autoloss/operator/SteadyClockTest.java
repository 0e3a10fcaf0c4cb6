package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Near its overflow, as {@link System#nanoTime} may be. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

  private Instant wall = START;
  private final SteadyClock clock = new SteadyClock(() -> wall, nanos::get);

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void whileNothingIsSetItIsTheWallClock() {
    for (int i = 1; i <= 100; i++) {
      pass(Duration.ofSeconds(7));
      assertEquals(START.plusSeconds(7L * i), clock.instant());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3600, -3600})
  void aJumpIsFollowedSlowlyAndNeverBackwards(long seconds) {
    pass(Duration.ofSeconds(10));
    Instant before = clock.instant();
    wall = wall.plusSeconds(seconds);
    assertEquals(before, clock.instant(), "no time has passed");
    Instant last = before;
    for (int second = 1; second <= 600; second++) {
      pass(Duration.ofSeconds(1));
      Instant now = clock.instant();
      long millis = Duration.between(last, now).toMillis();
      assertTrue(millis >= 900 && millis <= 1100, "a second took " + millis + " ms");
      last = now;
    }
    pass(Duration.ofHours(11));
    assertEquals(wall, clock.instant(), "in the end it is right again");
  }
}
