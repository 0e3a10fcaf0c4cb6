package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
  private long now = -5;
  private final Pace pace = new Pace(Duration.ofMillis(200), () -> now);

  @Test
  void onceAtOnceAndThenAfterAMoment() {
    var one = pace.initState();
    assertEquals(Optional.empty(), pace.isLimited(one));
    now += 50_000_000;
    assertEquals(Optional.of(Duration.ofMillis(151)), pace.isLimited(one));
    assertEquals(Optional.empty(), pace.isLimited(pace.initState()), "another resource");
    now += 149_999_999;
    assertEquals(Optional.of(Duration.ofNanos(1_000_001)), pace.isLimited(one));
    now += 1;
    assertEquals(Optional.empty(), pace.isLimited(one));
    assertEquals(Optional.of(Duration.ofMillis(201)), pace.isLimited(one));
  }
}
