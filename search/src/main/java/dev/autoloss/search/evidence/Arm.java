package dev.autoloss.search.evidence;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The scores of one candidate or control, by the seed of the training. The same seed in two arms is
 * a block: same initial weights, order of images and flips.
 *
 * @param name its name, for example {@code g3-c7}
 * @param scores AP in 0..1 by seed; a training that diverged or was rejected has 0, one without a
 *     result is left out
 */
public record Arm(String name, NavigableMap<Long, Double> scores) {
  /**
   * Copies the scores.
   *
   * @throws IllegalArgumentException if one is outside 0..1 or NaN
   */
  public Arm {
    scores = Collections.unmodifiableNavigableMap(new TreeMap<>(scores));
    scores.forEach(
        (seed, score) -> {
          if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException(
                name + ", seed " + seed + ": expected a score in 0..1, found " + score);
          }
        });
  }

  /**
   * The scores alone.
   *
   * @return their mean and spread
   */
  public Sample sample() {
    return Sample.of(scores.values());
  }
}
