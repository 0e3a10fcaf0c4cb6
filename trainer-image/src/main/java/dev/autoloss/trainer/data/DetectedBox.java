package dev.autoloss.trainer.data;

import dev.autoloss.trainer.mask.RunLengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One detection as COCO's results have it, in pixels of the original image.
 *
 * @param imageId the image that it lies in
 * @param label its class, a position in {@link Categories}
 * @param x left edge
 * @param y upper edge
 * @param width at least 0
 * @param height at least 0
 * @param score the higher, the surer
 * @param mask its pixels, of a detector that finds them
 */
public record DetectedBox(
    long imageId,
    int label,
    double x,
    double y,
    double width,
    double height,
    double score,
    Optional<RunLengths> mask) {
  /**
   * A detection without a mask.
   *
   * @param imageId the image that it lies in
   * @param label its class, a position in {@link Categories}
   * @param x left edge
   * @param y upper edge
   * @param width at least 0
   * @param height at least 0
   * @param score the higher, the surer
   */
  @SuppressWarnings("checkstyle:parameternumber") // The record's own, but for the mask.
  public DetectedBox(
      long imageId, int label, double x, double y, double width, double height, double score) {
    this(imageId, label, x, y, width, height, score, Optional.empty());
  }

  /**
   * Takes apart what a detector found.
   *
   * @param detections of any number of images
   * @return each box, in order
   */
  public static List<DetectedBox> of(List<Detections> detections) {
    List<DetectedBox> boxes = new ArrayList<>();
    for (Detections image : detections) {
      float[] edges = image.boxes();
      for (int i = 0; i < image.count(); i++) {
        double x = edges[4 * i];
        double y = edges[4 * i + 1];
        boxes.add(
            new DetectedBox(
                image.imageId(),
                image.labels()[i],
                x,
                y,
                edges[4 * i + 2] - x,
                edges[4 * i + 3] - y,
                image.scores()[i],
                image.masks().isEmpty() ? Optional.empty() : Optional.of(image.masks().get(i))));
      }
    }
    return boxes;
  }
}
