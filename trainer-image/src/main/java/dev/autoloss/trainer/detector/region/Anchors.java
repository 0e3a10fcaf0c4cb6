package dev.autoloss.trainer.detector.region;

import java.util.Optional;

/**
 * Boxes of fixed shapes at every point of a feature map: at each point three of equal area, with
 * heights ½, 1 and 2 times their widths, centred at the point's row and column times the step.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     anchor_generator.py</a>
 */
public final class Anchors {
  /** Anchors at each point. */
  public static final int SHAPES = 3;

  private static final float[] RATIOS = {.5f, 1, 2};

  private Anchors() {}

  /**
   * The anchors of a level.
   *
   * @param points of the level
   * @param stride of the level in pixels, which the sides are multiples of
   * @param scale side of a square anchor in strides, above 0
   * @param rounded whether edges are brought to whole pixels around the centre, as torchvision's
   * @return rows · columns · shapes × 4, in this order
   */
  public static float[] of(Points points, int stride, float scale, boolean rounded) {
    float[] base = base(stride, scale);
    if (rounded) {
      for (int edge = 0; edge < base.length; edge++) {
        base[edge] = (float) Math.rint(base[edge]);
      }
    }
    float[] anchors = new float[points.count() * base.length];
    int at = 0;
    for (int row = 0; row < points.height(); row++) {
      for (int column = 0; column < points.width(); column++) {
        for (int edge = 0; edge < base.length; edge++) {
          anchors[at++] = base[edge] + (edge % 2 == 0 ? points.x(column) : points.y(row));
        }
      }
    }
    return anchors;
  }

  private static float[] base(int stride, float scale) {
    float[] base = new float[4 * SHAPES];
    for (int shape = 0; shape < SHAPES; shape++) {
      float root = (float) Math.sqrt(RATIOS[shape]);
      float halfWidth = stride * (1 / root) * scale / 2;
      float halfHeight = stride * root * scale / 2;
      base[4 * shape] = -halfWidth;
      base[4 * shape + 1] = -halfHeight;
      base[4 * shape + 2] = halfWidth;
      base[4 * shape + 3] = halfHeight;
    }
    return base;
  }

  /**
   * Finds the anchors that a training may use.
   *
   * @param anchors as {@link #of} gives them
   * @param points of the level
   * @param extent height and width in pixels of what was padded for this image; points beyond it,
   *     which a batch has for the sake of other images, are not used
   * @param inside height and width in pixels of the image that an anchor must lie in; {@code
   *     Optional.empty()} if it need not
   * @return for each anchor whether it may be used
   */
  public static boolean[] usable(
      float[] anchors, Points points, Extent extent, Optional<Extent> inside) {
    int width = points.width();
    int rows = Math.ceilDiv(extent.height(), points.stepY());
    int columns = Math.ceilDiv(extent.width(), points.stepX());
    boolean[] usable = new boolean[anchors.length / 4];
    for (int i = 0; i < usable.length; i++) {
      int point = i / SHAPES;
      boolean within = point / width < rows && point % width < columns;
      int at = 4 * i;
      usable[i] =
          within
              && inside
                  .map(
                      image ->
                          anchors[at] >= 0
                              && anchors[at + 1] >= 0
                              && anchors[at + 2] < image.width()
                              && anchors[at + 3] < image.height())
                  .orElse(true);
    }
    return usable;
  }

  /**
   * The size of an image.
   *
   * @param height in pixels
   * @param width in pixels
   */
  public record Extent(int height, int width) {}
}
