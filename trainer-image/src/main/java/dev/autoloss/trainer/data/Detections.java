package dev.autoloss.trainer.data;

/**
 * What a detector found in one image, best score first.
 *
 * @param imageId COCO id of the image
 * @param boxes n × 4, xyxy in pixels of the original image, row-major
 * @param scores n scores in 0..1, falling
 * @param labels n labels, 0-based positions in {@link Categories}
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record Detections(long imageId, float[] boxes, float[] scores, int[] labels) {
  /**
   * Checks that the arrays belong together.
   *
   * @throws IllegalArgumentException if their lengths do not fit
   */
  public Detections {
    if (boxes.length != 4 * scores.length || labels.length != scores.length) {
      throw new IllegalArgumentException(
          "boxes %d, scores %d, labels %d do not belong together"
              .formatted(boxes.length, scores.length, labels.length));
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
