package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyVerdictTest {
  private static List<Integer> looks(int done, int steps) {
    int[] step = {done};
    List<Integer> looks = new ArrayList<>();
    var verdict =
        new EarlyVerdict(
            done,
            steps,
            () -> {
              looks.add(step[0]);
              return false;
            });
    while (step[0] < steps) {
      step[0]++;
      assertFalse(verdict.isCertainAfterAnotherStep());
    }
    return looks;
  }

  @Test
  void looksNineTimesAndLeavesTheLastLookToTheEnd() {
    assertEquals(List.of(10, 20, 30, 40, 50, 60, 70, 80, 90), looks(0, 100));
  }

  @Test
  void aResumedTrainingLooksAtTheSameSteps() {
    assertEquals(List.of(60, 70, 80, 90), looks(55, 100));
  }

  @Test
  void shortTrainingsAreLookedAtAfterEachStep() {
    assertEquals(List.of(1, 2), looks(0, 3));
  }

  @Test
  void passingOnceIsEnough() {
    var verdict = new EarlyVerdict(0, 20, () -> true);
    assertFalse(verdict.isCertainAfterAnotherStep());
    assertTrue(verdict.isCertainAfterAnotherStep());
  }
}
