package dev.autoloss.search.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static Arm arm(String name, double... scores) {
    var map = new TreeMap<Long, Double>();
    for (double score : scores) {
      map.put(100L + map.size(), score);
    }
    return new Arm(name, map);
  }

  private static final Arm BASELINE = arm("g0-c0", .363, .352, .374, .36, .35);
  private static final Arm TWICE = arm("g0-c1", .368, .361, .380, .371, .359);
  private static final Arm BETTER = arm("g4-c2", .389, .38, .40, .394, .377);
  private static final Arm ALIKE = arm("g3-c9", .369, .358, .384, .368, .36);

  @Test
  void confirmsWhatBeatsTheStrongestControl() {
    var contest = new Contest(List.of(ALIKE, BETTER), List.of(BASELINE, TWICE), true, .05);
    assertEquals(TWICE, contest.strongestControl().orElseThrow());
    Verdict verdict = contest.verdict();
    Comparison of = assertInstanceOf(Verdict.Confirmed.class, verdict).of();
    assertEquals("g4-c2", of.finalist());
    assertEquals("g0-c1", of.control());
    assertEquals(5, of.n());
    assertEquals((.021 + .019 + .020 + .023 + .018) / 5, of.gain(), 1e-12);
    // Two finalists: each at .025, so the interval is the usual one of .95.
    assertEquals(.95, of.interval().confidence(), 1e-12);
    assertTrue(of.interval().low() > 0);
    assertEquals(1.0 / 32, of.signFlip().orElseThrow());
  }

  @Test
  void doesNotConfirmWhatOnlyBeatsTheBaseline() {
    assertInstanceOf(
        Verdict.Confirmed.class,
        new Contest(List.of(ALIKE), List.of(BASELINE), true, .05).verdict());
    var verdict = new Contest(List.of(ALIKE), List.of(BASELINE, TWICE), true, .05).verdict();
    Comparison of = assertInstanceOf(Verdict.NotConfirmed.class, verdict).of();
    assertTrue(of.interval().low() <= 0 && of.interval().high() > 0);
  }

  @Test
  void aCollapsedSeedOfTheControlDoesNotHideAStrongerControl() {
    Arm collapsed = arm("g0-c3", .37, .134, .376, .37, .366);
    var contest = new Contest(List.of(BETTER), List.of(collapsed, TWICE), true, .05);
    assertEquals(TWICE, contest.strongestControl().orElseThrow());
  }

  @Test
  void ofEqualControlsTheFirstIsTheStrongest() {
    Arm same = new Arm("g0-c9", TWICE.scores());
    assertEquals(
        "g0-c1",
        new Contest(List.of(), List.of(BASELINE, TWICE, same), true, .05)
            .strongestControl()
            .orElseThrow()
            .name());
  }

  @Test
  void saysWhyNothingCanBeConfirmed() {
    assertEquals(
        new Verdict.Unconfirmed(Verdict.Reason.NO_FINALIST, Optional.empty()),
        new Contest(List.of(arm("g1-c0")), List.of(BASELINE), true, .05).verdict());
    assertEquals(
        new Verdict.Unconfirmed(Verdict.Reason.NO_CONTROL, Optional.empty()),
        new Contest(List.of(BETTER), List.of(arm("g0-c0")), true, .05).verdict());
    var few = new Contest(List.of(arm("g1-c0", .9, .9)), List.of(BASELINE), true, .05).verdict();
    assertEquals(
        Verdict.Reason.TOO_FEW_SEEDS, assertInstanceOf(Verdict.Unconfirmed.class, few).reason());
    assertEquals(2, few.comparison().orElseThrow().n());
    var chosenBy = new Contest(List.of(BETTER), List.of(BASELINE), false, .05).verdict();
    assertEquals(
        Verdict.Reason.NO_TEST_SPLIT,
        assertInstanceOf(Verdict.Unconfirmed.class, chosenBy).reason());
    assertTrue(chosenBy.comparison().orElseThrow().gain() > 0);
  }

  @Test
  void theIntervalSaysWhatTheTestSays() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int run = 0; run < 500; run++) {
      Comparison of =
          Comparison.of(drawn("a", 6, .37, random), drawn("b", 6, .36, random), .05).orElseThrow();
      assertEquals(of.p() < .05, of.interval().low() > 0, "run " + run + " with seed 3");
    }
  }

  /**
   * Losses that are no better are confirmed more rarely than the level says, whatever the number.
   */
  @Test
  void seldomConfirmsWhatIsNoBetter() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    for (int[] arms :
        List.of(new int[] {1, 1}, new int[] {3, 1}, new int[] {10, 1}, new int[] {3, 6})) {
      int runs = 4000;
      int confirmed = 0;
      for (int run = 0; run < runs; run++) {
        var finalists = new ArrayList<Arm>();
        var controls = new ArrayList<Arm>();
        for (int i = 0; i < arms[0]; i++) {
          finalists.add(drawn("f" + i, 5, .36, random));
        }
        for (int i = 0; i < arms[1]; i++) {
          controls.add(drawn("c" + i, 5, .36, random));
        }
        if (new Contest(finalists, controls, true, .05).verdict() instanceof Verdict.Confirmed) {
          confirmed++;
        }
      }
      double share = (double) confirmed / runs;
      assertTrue(share < .06, arms[0] + " against " + arms[1] + ": " + share + " with seed 5");
    }
  }

  private static Arm drawn(String name, int seeds, double mean, RandomGenerator random) {
    double[] scores = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      scores[i] = Math.clamp(random.nextGaussian(mean, .011), 0, 1);
    }
    return arm(name, scores);
  }

  @Test
  void refusesALevelThatMeansNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Contest(List.of(), List.of(), true, .5));
  }
}
