package dev.autoloss.trainer.data;

import dev.autoloss.trainer.mask.RunLengths;
import java.util.List;

/**
 * What a detector found in one image, best score first.
 *
 * @param imageId COCO id of the image
 * @param boxes n × 4, xyxy in pixels of the original image, row-major
 * @param scores n scores in 0..1, falling
 * @param labels n labels, 0-based positions in {@link Categories}
 * @param masks n masks of the original image, or none of a detector without
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record Detections(
    long imageId, float[] boxes, float[] scores, int[] labels, List<RunLengths> masks) {
  /**
   * Boxes without masks.
   *
   * @param imageId COCO id of the image
   * @param boxes n × 4, xyxy in pixels of the original image
   * @param scores n scores in 0..1, falling
   * @param labels n labels
   */
  public Detections(long imageId, float[] boxes, float[] scores, int[] labels) {
    this(imageId, boxes, scores, labels, List.of());
  }

  /**
   * Checks that the arrays belong together.
   *
   * @throws IllegalArgumentException if their lengths do not fit
   */
  public Detections {
    masks = List.copyOf(masks);
    boolean maskEach = masks.isEmpty() || masks.size() == scores.length;
    if (boxes.length != 4 * scores.length || labels.length != scores.length || !maskEach) {
      throw new IllegalArgumentException(
          "boxes %d, scores %d, labels %d, masks %d do not belong together"
              .formatted(boxes.length, scores.length, labels.length, masks.size()));
    }
  }

  /**
   * Counts the detections.
   *
   * @return at least 0
   */
  public int count() {
    return scores.length;
  }
}
