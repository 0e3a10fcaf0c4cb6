package dev.autoloss.trainer.detector;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression: of the boxes of one class that overlap too much, the best scored
 * one stays.
 */
final class Suppression {
  private Suppression() {}

  /**
   * Chooses boxes.
   *
   * @param boxes n × 4, xyxy
   * @param scores n scores; equal ones keep their order
   * @param labels n classes; boxes of different classes do not meet
   * @param threshold intersection over union above which the worse box goes
   * @param limit greatest number of boxes that stay
   * @return positions of those that stay, best score first
   */
  static int[] keep(float[] boxes, float[] scores, int[] labels, float threshold, int limit) {
    int[] order = best(scores, 0, scores.length, scores.length);
    int[] kept = new int[Math.min(limit, order.length)];
    int count = 0;
    for (int i = 0; i < order.length && count < kept.length; i++) {
      int candidate = order[i];
      if (survives(boxes, labels, candidate, kept, count, threshold)) {
        kept[count++] = candidate;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /**
   * Positions of the best scores of a range, best first.
   *
   * @param scores any; equal ones keep their order
   * @param first start of the range
   * @param count length of the range
   * @param limit greatest number of positions
   */
  static int[] best(float[] scores, int first, int count, int limit) {
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      // Bits of a number that is not negative rise with it, those of a negative one fall.
      int bits = Float.floatToIntBits(scores[first + i]);
      int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      // Falling scores first, then positions.
      order[i] = (long) ~rising << 32 | (first + i);
    }
    Arrays.sort(order);
    return Arrays.stream(order).limit(limit).mapToInt(key -> (int) key).toArray();
  }

  private static boolean survives(
      float[] boxes, int[] labels, int candidate, int[] kept, int count, float threshold) {
    for (int i = 0; i < count; i++) {
      int better = kept[i];
      if (labels[better] == labels[candidate]
          && overlap(boxes, 4 * better, 4 * candidate) > threshold) {
        return false;
      }
    }
    return true;
  }

  /** Intersection over union of the boxes at two offsets; NaN for two boxes without area. */
  private static float overlap(float[] boxes, int a, int b) {
    float width = Math.min(boxes[a + 2], boxes[b + 2]) - Math.max(boxes[a], boxes[b]);
    float height = Math.min(boxes[a + 3], boxes[b + 3]) - Math.max(boxes[a + 1], boxes[b + 1]);
    float intersection = Math.max(width, 0) * Math.max(height, 0);
    return intersection / (area(boxes, a) + area(boxes, b) - intersection);
  }

  private static float area(float[] boxes, int at) {
    return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
  }
}
