package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Detections;
import java.util.Arrays;

/** Boxes of an image before suppression. */
final class Candidates {
  private float[] boxes = new float[256];
  private float[] scores = new float[64];
  private int[] labels = new int[64];
  private int count;

  /** Adds a box of four numbers. */
  void add(float[] box, float score, int label) {
    if (count == scores.length) {
      boxes = Arrays.copyOf(boxes, 8 * count);
      scores = Arrays.copyOf(scores, 2 * count);
      labels = Arrays.copyOf(labels, 2 * count);
    }
    System.arraycopy(box, 0, boxes, 4 * count, 4);
    scores[count] = score;
    labels[count++] = label;
  }

  /**
   * What remains after suppression.
   *
   * @param overlap intersection over union above which the worse box of a class goes
   * @param limit greatest number of boxes
   */
  Detections best(long imageId, float overlap, int limit) {
    int[] kept =
        Suppression.keep(
            boxes, Arrays.copyOf(scores, count), Arrays.copyOf(labels, count), overlap, limit);
    float[] keptBoxes = new float[4 * kept.length];
    float[] keptScores = new float[kept.length];
    int[] keptLabels = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(boxes, 4 * kept[i], keptBoxes, 4 * i, 4);
      keptScores[i] = scores[kept[i]];
      keptLabels[i] = labels[kept[i]];
    }
    return new Detections(imageId, keptBoxes, keptScores, keptLabels);
  }
}
