package dev.autoloss.trainer.data;

import java.util.ArrayList;
import java.util.List;

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
 */
public record DetectedBox(
    long imageId, int label, double x, double y, double width, double height, double score) {
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
                image.scores()[i]));
      }
    }
    return boxes;
  }
}
