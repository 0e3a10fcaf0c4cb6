package dev.autoloss.search.evidence;

import java.util.ArrayList;
import java.util.OptionalDouble;

/**
 * Seeds on which a loss all but failed, apart from the others. A loss that collapses on some seeds
 * is most often one with too large a step, which the mean of all seeds hides.
 *
 * @param collapsed seeds below half of the baseline
 * @param n seeds in all
 * @param meanOfOthers mean score of the seeds that did not collapse; empty if there are none
 */
public record Collapse(int collapsed, int n, OptionalDouble meanOfOthers) {
  /**
   * Counts the collapsed seeds of an arm. A seed is held against the baseline's score with the same
   * seed, or against the baseline's mean where that is missing.
   *
   * @param arm whose seeds are counted
   * @param baseline the default losses; without any score, nothing counts as collapsed
   * @return the counts
   */
  public static Collapse of(Arm arm, Arm baseline) {
    double mean = baseline.sample().mean().orElse(0);
    var others = new ArrayList<Double>();
    arm.scores()
        .forEach(
            (seed, score) -> {
              if (score >= baseline.scores().getOrDefault(seed, mean) / 2) {
                others.add(score);
              }
            });
    int n = arm.scores().size();
    return new Collapse(n - others.size(), n, Sample.of(others).mean());
  }

  /**
   * The share of collapsed seeds.
   *
   * @return in 0..1; 0 for no seed
   */
  public double share() {
    return n == 0 ? 0 : (double) collapsed / n;
  }
}
