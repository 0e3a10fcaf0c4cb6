package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteRateTest {
  private static final long SECOND = 1_000_000_000;

  /** Near the overflow, as {@link System#nanoTime} may be. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

  @Test
  void noLimitIsNone() {
    var rate = new WriteRate(0, nanos::get);
    for (int i = 0; i < 10_000; i++) {
      assertEquals(Duration.ZERO, rate.take("t" + i));
    }
  }

  /** 200 that all want to start at once, each asking again when it was told to. */
  @Test
  void neverMoreThanABucketAndTheRate() {
    var rate = new WriteRate(20, nanos::get);
    long start = nanos.get();
    var starts = new ArrayList<Long>();
    var waiting = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      waiting.add("t" + i);
    }
    int asked = 0;
    var due = new java.util.HashMap<String, Long>();
    while (!waiting.isEmpty()) {
      long now = nanos.get() - start;
      for (String name : List.copyOf(waiting)) {
        if (due.getOrDefault(name, 0L) <= now) {
          asked++;
          Duration wait = rate.take(name);
          if (wait.isZero()) {
            starts.add(now);
            waiting.remove(name);
          } else {
            due.put(name, now + wait.toNanos());
          }
        }
      }
      nanos.addAndGet(SECOND / 1000);
    }
    assertEquals(20, starts.stream().filter(time -> time == 0).count(), "a full bucket");
    for (int i = 0; i + 40 < starts.size(); i++) {
      long span = starts.get(i + 40) - starts.get(i);
      assertTrue(span >= SECOND, "41 Jobs in " + span + " ns from " + i);
    }
    double seconds = (double) starts.getLast() / SECOND;
    assertTrue(seconds > 8.9 && seconds < 9.2, "180 at 20 a second took " + seconds + " s");
    assertTrue(asked <= 2 * 200, "nobody asks in vain: " + asked);
  }

  @Test
  void whatSomebodyGivesUpIsNotWaitedForAndTimeFillsTheBucketOnlyOnce() {
    var rate = new WriteRate(2, nanos::get);
    assertEquals(Duration.ZERO, rate.take("a"));
    assertEquals(Duration.ZERO, rate.take("b"));
    assertTrue(rate.take("c").isPositive());
    rate.forget("c");
    nanos.addAndGet(100 * SECOND);
    assertEquals(Duration.ZERO, rate.take("d"));
    assertEquals(Duration.ZERO, rate.take("e"));
    assertTrue(rate.take("f").isPositive(), "the bucket holds one second's tokens");
  }
}
