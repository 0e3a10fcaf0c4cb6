package dev.autoloss.trainer.data;

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
 */
public record CocoAnnotation(
    long imageId,
    int label,
    double x,
    double y,
    double width,
    double height,
    double area,
    boolean crowd) {}
