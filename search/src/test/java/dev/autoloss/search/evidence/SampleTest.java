package dev.autoloss.search.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SampleTest {
  private static Arm arm(String name, Map<Long, Double> scores) {
    return new Arm(name, new TreeMap<>(scores));
  }

  @Test
  void pairsOnlyTheSeedsThatBothHave() {
    Sample differences =
        Sample.differences(
            arm("g1-c0", Map.of(1L, .5, 2L, .25, 3L, .75, 9L, .1)),
            arm("g0-c0", Map.of(3L, .5, 1L, .25, 2L, .5, 8L, .9)));
    assertEquals(List.of(.25, -.25, .25), differences.values());
    assertEquals(1.0 / 12, differences.mean().orElseThrow(), 1e-15);
    assertEquals(Math.sqrt(1.0 / 12), differences.sd().orElseThrow(), 1e-15);
  }

  @Test
  void fewValuesSayNothing() {
    assertEquals(OptionalDouble.empty(), new Sample(List.of()).mean());
    assertEquals(OptionalDouble.empty(), new Sample(List.of()).signFlipTest());
    var one = new Sample(List.of(.3));
    assertEquals(.3, one.mean().orElseThrow());
    assertEquals(OptionalDouble.empty(), one.sd());
    assertEquals(OptionalDouble.empty(), one.tTest());
    assertTrue(one.interval(.9).isEmpty());
    assertEquals(.5, one.signFlipTest().orElseThrow());
  }

  @Test
  void equalDifferencesLeaveNoDoubtButWhereThereIsNone() {
    assertEquals(0, new Sample(List.of(.25, .25, .25)).tTest().orElseThrow());
    assertEquals(1, new Sample(List.of(0.0, 0.0)).tTest().orElseThrow());
    assertEquals(1, new Sample(List.of(-.25, -.25)).tTest().orElseThrow());
    assertEquals(
        new Interval(.25, .25, .9), new Sample(List.of(.25, .25)).interval(.9).orElseThrow());
  }

  @Test
  void aSumThatRoundsOtherwiseCountsAsReached() {
    // In floating point 0.1 + 0.2 + 0.3 is above 0.3 + 0.2 + 0.1.
    assertEquals(1.0 / 8, new Sample(List.of(.1, .2, .3)).signFlipTest().orElseThrow());
    assertEquals(2.0 / 8, new Sample(List.of(.3, .1, 0.0)).signFlipTest().orElseThrow());
    assertEquals(1, new Sample(List.of(0.0, 0.0)).signFlipTest().orElseThrow());
    assertEquals(OptionalDouble.empty(), Sample.of(Collections.nCopies(21, .1)).signFlipTest());
  }

  @Test
  void refusesNumbersThatAreNone() {
    assertThrows(IllegalArgumentException.class, () -> new Sample(List.of(Double.NaN)));
    var wrong =
        assertThrows(IllegalArgumentException.class, () -> arm("g1-c0", Map.of(4L, Double.NaN)));
    assertEquals("g1-c0, seed 4: expected a score in 0..1, found NaN", wrong.getMessage());
    assertThrows(IllegalArgumentException.class, () -> arm("g1-c0", Map.of(4L, -.1)));
    assertThrows(IllegalArgumentException.class, () -> arm("g1-c0", Map.of(4L, 1.1)));
  }

  @Test
  void aCollapsedSeedIsCountedApart() {
    // CSE-B against the default pair, seeds 1, 2, 3 of a small FCOS.
    Arm baseline = arm("g0-c0", Map.of(1L, .363, 2L, .352, 3L, .374));
    Collapse collapse = Collapse.of(arm("b", Map.of(1L, .373, 2L, .134, 3L, .376)), baseline);
    assertEquals(new Collapse(1, 3, OptionalDouble.of((.373 + .376) / 2)), collapse);
    assertEquals(1.0 / 3, collapse.share());
    assertEquals(new Collapse(0, 3, baseline.sample().mean()), Collapse.of(baseline, baseline));
  }

  @Test
  void aSeedThatTheBaselineLacksIsHeldAgainstItsMean() {
    Arm baseline = arm("g0-c0", Map.of(1L, .3, 2L, .5));
    // Half of the mean is .2; half of the baseline's own second seed is .25.
    Arm arm = arm("c", Map.of(2L, .22, 7L, .22, 8L, .19));
    assertEquals(new Collapse(2, 3, OptionalDouble.of(.22)), Collapse.of(arm, baseline));
    assertEquals(0, Collapse.of(arm, arm("g0-c0", Map.of())).share());
    assertEquals(0, Collapse.of(arm("c", Map.of()), baseline).share());
  }
}
