package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DivergenceGuardTest {
  private final DivergenceGuard guard = new DivergenceGuard();

  @Test
  void negativeLossesThatFallToTheirBottomAreFine() {
    for (int step = 0; step < 1000; step++) {
      assertEquals(Optional.empty(), guard.check(-1 - 5.5 * step / 1000, 1));
    }
  }

  @Test
  void aLossThatRisesTenfoldIsFine() {
    for (int step = 0; step < 100; step++) {
      assertEquals(Optional.empty(), guard.check(step < 50 ? 2 : 20, 1));
    }
  }

  @Test
  void oneOutlierIsFineAndALastingRiseIsNot() {
    for (int step = 0; step < 20; step++) {
      assertEquals(Optional.empty(), guard.check(2, 1));
    }
    assertEquals(Optional.empty(), guard.check(1500, 1));
    Optional<String> reason = guard.check(1500, 1);
    assertEquals("step 22: the loss is 301.6 in the mean, beyond 200.0", reason.orElseThrow());
  }

  @Test
  void aLossThatFallsWithoutEndIsLost() {
    Optional<String> reason = Optional.empty();
    int step = 0;
    while (reason.isEmpty() && step < 50) {
      reason = guard.check(-Math.pow(2, step++), 1);
    }
    assertTrue(reason.isPresent() && step < 30, "after step " + step);
  }

  @Test
  void whatIsNoNumberIsLostAtOnce() {
    assertEquals("step 1: the loss is NaN", guard.check(Double.NaN, 1).orElseThrow());
    assertEquals(
        "step 2: the norm of the gradients is Infinity",
        guard.check(1, Double.POSITIVE_INFINITY).orElseThrow());
  }
}
