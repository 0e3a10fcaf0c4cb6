package dev.autoloss.trainer.detector.region;

/** Boxes in one array, n × 4, xyxy in pixels; a box stands at {@code 4 · its position}. */
public final class Boxes {
  private static final float LEAST_UNION = 1e-6f;

  private Boxes() {}

  /**
   * Intersection over union of two boxes; the union counts as at least 1e-6.
   *
   * @param boxes n × 4
   * @param box position in {@code boxes}
   * @param others m × 4
   * @param other position in {@code others}
   * @return in 0..1
   * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
   *     iou2d_calculator.py</a>
   */
  public static float overlap(float[] boxes, int box, float[] others, int other) {
    int a = 4 * box;
    int b = 4 * other;
    float width = Math.min(boxes[a + 2], others[b + 2]) - Math.max(boxes[a], others[b]);
    float height = Math.min(boxes[a + 3], others[b + 3]) - Math.max(boxes[a + 1], others[b + 1]);
    float intersection = Math.max(width, 0) * Math.max(height, 0);
    float union = area(boxes, box) + area(others, other) - intersection;
    return intersection / Math.max(union, LEAST_UNION);
  }

  /**
   * The area of a box.
   *
   * @param boxes n × 4
   * @param box position in {@code boxes}
   * @return width times height, negative if one of them is
   */
  public static float area(float[] boxes, int box) {
    int at = 4 * box;
    return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
  }

  /**
   * Tells whether a box has a side shorter than a length.
   *
   * @param box four numbers
   * @param least in pixels
   * @return false if both sides are at least as long
   */
  public static boolean isNarrow(float[] box, float least) {
    return !(box[2] - box[0] >= least && box[3] - box[1] >= least);
  }

  /**
   * Moves what lies outside an image to its edge, in place.
   *
   * @param boxes n × 4
   * @param height of the image in pixels
   * @param width of the image in pixels
   */
  public static void clip(float[] boxes, int height, int width) {
    for (int at = 0; at < boxes.length; at += 2) {
      boxes[at] = Math.clamp(boxes[at], 0, width);
      boxes[at + 1] = Math.clamp(boxes[at + 1], 0, height);
    }
  }

  /**
   * Picks boxes.
   *
   * @param boxes n × 4
   * @param positions any number of positions in {@code boxes}
   * @return as many boxes, in the order of the positions
   */
  public static float[] pick(float[] boxes, int[] positions) {
    float[] picked = new float[4 * positions.length];
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(boxes, 4 * positions[i], picked, 4 * i, 4);
    }
    return picked;
  }

  /**
   * Puts boxes behind others.
   *
   * @param first n × 4
   * @param second m × 4
   * @return (n + m) × 4
   */
  public static float[] join(float[] first, float[] second) {
    float[] joined = new float[first.length + second.length];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
