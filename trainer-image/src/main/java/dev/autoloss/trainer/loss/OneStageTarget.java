package dev.autoloss.trainer.loss;

import java.util.Arrays;

/**
 * What is true of each point of a one-stage detector, all points below one another.
 *
 * @param labels class of each point, the number of classes for background, −1 for a point that does
 *     not count
 * @param positives points that have a class, rising
 * @param distances positives × 4 to left, top, right, bottom: for FCOS from the point in units of
 *     its stride, for ATSS from the anchor's centre in pixels
 * @param strides of the positives in units of {@code distances}
 * @param levels of the positives, below {@value #MOST_LEVELS}
 * @param classificationDivisor of the sum over points and classes
 * @param centernessDivisor of the sum over positives
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record OneStageTarget(
    long[] labels,
    long[] positives,
    float[] distances,
    float[] strides,
    long[] levels,
    double classificationDivisor,
    double centernessDivisor) {
  /** Greatest number of levels. */
  static final int MOST_LEVELS = 8;

  /**
   * The target of FCOS, whose classification is divided by the number of positives and images.
   *
   * @param labels as above
   * @param positives as above
   * @param distances as above
   * @param images of the batch
   * @return all positives as if of one level, as FCOS makes no difference
   */
  public static OneStageTarget fcos(
      long[] labels, long[] positives, float[] distances, int images) {
    float[] strides = new float[positives.length];
    Arrays.fill(strides, 1);
    return new OneStageTarget(
        labels,
        positives,
        distances,
        strides,
        new long[positives.length],
        positives.length + images,
        positives.length);
  }
}
