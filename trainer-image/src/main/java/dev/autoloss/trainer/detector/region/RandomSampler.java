package dev.autoloss.trainer.detector.region;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws which candidates count: at most a share of positives, and negatives up to the whole number.
 *
 * @param count candidates that are drawn, fewer if there are not so many
 * @param positiveShare greatest share of positives
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     random_sampler.py</a>
 */
public record RandomSampler(int count, double positiveShare) {
  /**
   * What was drawn.
   *
   * @param positives candidates with an object, rising
   * @param negatives candidates without, rising
   */
  @SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
  public record Sample(int[] positives, int[] negatives) {}

  /**
   * Draws.
   *
   * @param assigned as {@link OverlapAssigner#assign} gives it
   * @param random is read only if there are more candidates than wanted
   * @return the drawn candidates
   */
  public Sample sample(int[] assigned, RandomGenerator random) {
    int[] positives = where(assigned, object -> object >= 0);
    positives = draw(positives, (int) (count * positiveShare), random);
    int[] negatives = where(assigned, object -> object == OverlapAssigner.BACKGROUND);
    return new Sample(positives, draw(negatives, count - positives.length, random));
  }

  private static int[] where(int[] assigned, IntPredicate wanted) {
    return IntStream.range(0, assigned.length).filter(i -> wanted.test(assigned[i])).toArray();
  }

  /** The first {@code wanted} of a shuffle, in rising order. */
  private static int[] draw(int[] from, int wanted, RandomGenerator random) {
    if (from.length <= wanted) {
      return from;
    }
    for (int i = 0; i < wanted; i++) {
      int other = random.nextInt(i, from.length);
      int swapped = from[i];
      from[i] = from[other];
      from[other] = swapped;
    }
    int[] drawn = Arrays.copyOf(from, wanted);
    Arrays.sort(drawn);
    return drawn;
  }
}
