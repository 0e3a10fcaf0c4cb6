package dev.autoloss.trainer.detector.region;

/**
 * Where the points of a feature map lie in the image, row by row.
 *
 * @param height rows
 * @param width columns
 * @param stepY pixels from row to row
 * @param stepX pixels from column to column
 * @param offset pixels from the image's upper left corner to the first point, in both directions
 */
public record Points(int height, int width, int stepY, int stepX, int offset) {
  /**
   * Points one stride apart.
   *
   * @param height rows
   * @param width columns
   * @param stride pixels from point to point
   * @param offset pixels from the upper left corner to the first point
   * @return the points
   */
  public static Points of(int height, int width, int stride, int offset) {
    return new Points(height, width, stride, stride, offset);
  }

  /**
   * Points as torchvision spreads them: as many pixels apart as the image has for each, rounded
   * down, which on the coarsest maps is not the stride.
   *
   * @param height rows
   * @param width columns
   * @param imageHeight of the padded image in pixels
   * @param imageWidth of the padded image in pixels
   * @return the points
   * @see <a
   *     href="https://github.com/pytorch/vision/blob/v0.22.1/torchvision/models/detection/anchor_utils.py">torchvision,
   *     anchor_utils.py</a>
   */
  public static Points spread(int height, int width, int imageHeight, int imageWidth) {
    return new Points(height, width, imageHeight / height, imageWidth / width, 0);
  }

  /**
   * Counts the points.
   *
   * @return height times width
   */
  public int count() {
    return height * width;
  }

  /**
   * The horizontal position of a column.
   *
   * @param column from 0
   * @return pixels
   */
  public float x(int column) {
    return column * stepX + offset;
  }

  /**
   * The vertical position of a row.
   *
   * @param row from 0
   * @return pixels
   */
  public float y(int row) {
    return row * stepY + offset;
  }
}
