package dev.autoloss.trainer.mask;

/**
 * A box's mask in few cells, drawn into an image: bilinear between the cells' centres, nothing
 * beyond them, inside where the value is at least one half.
 *
 * @see <a href="https://github.com/open-mmlab/mmdetection/tree/v2.8.0">mmdet 2.8.0,
 *     fcn_mask_head.py, _do_paste_mask</a>
 */
public final class MaskPaste {
  private static final float LEAST = .5f;

  private final float[] cells;
  private final int side;

  private MaskPaste(float[] cells, int side) {
    this.cells = cells;
    this.side = side;
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
    var paste = new MaskPaste(cells, side);
    boolean[] pixels = new boolean[height * width];
    int top = Math.max((int) Math.floor(box[1]) - 1, 0);
    int bottom = Math.min((int) Math.ceil(box[3]) + 1, height);
    int left = Math.max((int) Math.floor(box[0]) - 1, 0);
    int right = Math.min((int) Math.ceil(box[2]) + 1, width);
    for (int y = top; y < bottom; y++) {
      float row = paste.cell(y, box[1], box[3]);
      for (int x = left; x < right; x++) {
        pixels[y * width + x] = paste.value(row, paste.cell(x, box[0], box[2])) >= LEAST;
      }
    }
    return new Bitmap(height, width, pixels);
  }

  /** The pixel's centre in cells; the middle for a box without extent. */
  private float cell(int pixel, float low, float high) {
    float share = (pixel + .5f - low) / (high - low);
    return (Float.isFinite(share) ? share : .5f) * side - .5f;
  }

  private float value(float row, float column) {
    int y = (int) Math.floor(row);
    int x = (int) Math.floor(column);
    float below = row - y;
    float right = column - x;
    return at(y, x) * (1 - below) * (1 - right)
        + at(y, x + 1) * (1 - below) * right
        + at(y + 1, x) * below * (1 - right)
        + at(y + 1, x + 1) * below * right;
  }

  private float at(int row, int column) {
    boolean inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? cells[row * side + column] : 0;
  }
}
