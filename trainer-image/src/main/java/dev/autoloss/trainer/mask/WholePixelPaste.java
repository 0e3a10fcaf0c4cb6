package dev.autoloss.trainer.mask;

/**
 * A box's mask in few cells, drawn into an image as torchvision does it: with a border of one empty
 * cell, in a box of whole pixels, bilinear, inside where the value is above one half.
 *
 * @see <a
 *     href="https://github.com/pytorch/vision/blob/v0.22.1/torchvision/models/detection/roi_heads.py">torchvision,
 *     roi_heads.py, paste_masks_in_image</a>
 */
public final class WholePixelPaste {
  private static final float HALF = .5f;

  private final float[] cells;
  private final int side;

  /** With the border. */
  private final int padded;

  private WholePixelPaste(float[] cells, int side) {
    this.cells = cells;
    this.side = side;
    this.padded = side + 2;
  }

  /**
   * Draws.
   *
   * @param cells side × side, in 0..1
   * @param side cells in a row
   * @param box four numbers, xyxy in pixels of the image
   * @param height of the image in pixels
   * @param width of the image in pixels
   * @return the mask of the whole image
   */
  public static Bitmap draw(float[] cells, int side, float[] box, int height, int width) {
    var paste = new WholePixelPaste(cells, side);
    float scale = (float) paste.padded / side;
    Edges horizontal = Edges.of(box[0], box[2], scale);
    Edges vertical = Edges.of(box[1], box[3], scale);
    boolean[] pixels = new boolean[height * width];
    for (int y = Math.max(vertical.low, 0); y < Math.min(vertical.high(), height); y++) {
      float row = paste.cell(y - vertical.low, vertical.length);
      for (int x = Math.max(horizontal.low, 0); x < Math.min(horizontal.high(), width); x++) {
        float column = paste.cell(x - horizontal.low, horizontal.length);
        pixels[y * width + x] = paste.value(row, column) > HALF;
      }
    }
    return new Bitmap(height, width, pixels);
  }

  /** A side of the box with its border, in whole pixels. */
  private record Edges(int low, int length) {
    static Edges of(float low, float high, float scale) {
      float half = (high - low) * HALF * scale;
      float centre = (high + low) * HALF;
      int first = (int) (centre - half);
      return new Edges(first, Math.max((int) (centre + half) - first + 1, 1));
    }

    int high() {
      return low + length;
    }
  }

  /** Where a pixel's centre lies among the cells; none lies before the first. */
  private float cell(int pixel, int length) {
    return Math.max((pixel + HALF) * ((float) padded / length) - HALF, 0);
  }

  private float value(float row, float column) {
    int y = Math.min((int) row, padded - 1);
    int x = Math.min((int) column, padded - 1);
    float below = row - y;
    float right = column - x;
    return at(y, x) * (1 - below) * (1 - right)
        + at(y, x + 1) * (1 - below) * right
        + at(y + 1, x) * below * (1 - right)
        + at(y + 1, x + 1) * below * right;
  }

  /** Nothing lies in the border or beyond it. */
  private float at(int paddedRow, int paddedColumn) {
    int row = paddedRow - 1;
    int column = paddedColumn - 1;
    boolean inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? cells[row * side + column] : 0;
  }
}
