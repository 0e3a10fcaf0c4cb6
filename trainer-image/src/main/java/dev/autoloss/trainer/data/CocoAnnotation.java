package dev.autoloss.trainer.data;

import dev.autoloss.trainer.mask.RunLengths;
import java.util.Optional;

/**
 * One object of a COCO file, in pixels of the original image and in the file's precision.
 *
 * @param imageId the image that it lies in
 * @param label its class, a position in {@link Categories}
 * @param x left edge
 * @param y upper edge
 * @param width above 0
 * @param height above 0
 * @param area of the object, not of the box, in square pixels; the evaluation's size ranges read it
 * @param crowd a group that stands for any number of objects: not trained on, and a detection in it
 *     is neither right nor wrong
 * @param mask its pixels in the original image, where they were asked for
 */
public record CocoAnnotation(
    long imageId,
    int label,
    double x,
    double y,
    double width,
    double height,
    double area,
    boolean crowd,
    Optional<RunLengths> mask) {
  /**
   * An object whose mask is not known.
   *
   * @param imageId the image that it lies in
   * @param label its class, a position in {@link Categories}
   * @param x left edge
   * @param y upper edge
   * @param width above 0
   * @param height above 0
   * @param area of the object in square pixels
   * @param crowd whether it stands for any number of objects
   */
  @SuppressWarnings("checkstyle:parameternumber") // The record's own, but for the mask.
  public CocoAnnotation(
      long imageId,
      int label,
      double x,
      double y,
      double width,
      double height,
      double area,
      boolean crowd) {
    this(imageId, label, x, y, width, height, area, crowd, Optional.empty());
  }
}
