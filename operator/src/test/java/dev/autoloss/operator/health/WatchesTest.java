package dev.autoloss.operator.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchesTest {
  private boolean whole = true;
  private boolean reachable = true;
  private long now;
  private final Watches watches =
      new Watches(() -> whole, () -> reachable, Duration.ofMinutes(2), () -> now);

  private Optional<String> after(Duration time) {
    now += time.toNanos();
    return watches.broken();
  }

  @Test
  void aWatchThatIsOpenedAgainInTimeIsNotBroken() {
    whole = false;
    assertEquals(Optional.empty(), after(Duration.ofSeconds(119)));
    whole = true;
    assertEquals(Optional.empty(), after(Duration.ofSeconds(20)));
    whole = false;
    assertEquals(Optional.empty(), after(Duration.ofSeconds(119)));
    assertEquals(
        Optional.of("a watch has been broken for 121 s though the API server answers"),
        after(Duration.ofSeconds(2)));
  }

  @Test
  void whileTheServerIsAwayNoWatchCanBeOpen() {
    whole = false;
    reachable = false;
    assertEquals(Optional.empty(), after(Duration.ofHours(1)));
    reachable = true;
    assertEquals(Optional.empty(), after(Duration.ofSeconds(100)));
  }
}
