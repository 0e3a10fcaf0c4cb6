package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.WarmUp;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  private static LearningRate rate(int warmUp) {
    var schedule =
        new Schedule(
            12,
            16,
            0.01,
            0.9,
            1e-4,
            new WarmUp(warmUp, 1.0 / 3),
            List.of(8, 11),
            0.1,
            null,
            new Resize(800, 1333),
            0.5);
    return new LearningRate(schedule, 100);
  }

  /** The published recipe: rate·(1 − (1 − i/500)·(1 − 1/3)). */
  @Test
  void risesThenFallsAtTheStartOfTheStepsEpochs() {
    LearningRate rate = rate(500);
    assertEquals(0.01 / 3, rate.at(0), 1e-15);
    assertEquals(0.01 * (1 - 0.5 * (1 - 1.0 / 3)), rate.at(250), 1e-15);
    assertEquals(0.01, rate.at(500), 1e-15);
    assertEquals(0.01, rate.at(799), 1e-15);
    assertEquals(0.001, rate.at(800), 1e-15);
    assertEquals(0.0001, rate.at(1100), 1e-15);
  }

  @Test
  void withoutWarmUpTheFirstStepHasTheFullRate() {
    assertEquals(0.01, rate(0).at(0), 1e-15);
  }
}
