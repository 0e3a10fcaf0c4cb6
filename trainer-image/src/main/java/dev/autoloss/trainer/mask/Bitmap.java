package dev.autoloss.trainer.mask;

/**
 * A mask of an image.
 *
 * @param height in pixels
 * @param width in pixels
 * @param pixels row by row, whether each belongs to the object
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record Bitmap(int height, int width, boolean[] pixels) {
  /**
   * Checks that the pixels fill the sides.
   *
   * @throws IllegalArgumentException if they do not
   */
  public Bitmap {
    if (pixels.length != height * width) {
      throw new IllegalArgumentException(
          "%d pixels do not fill %d × %d".formatted(pixels.length, height, width));
    }
  }

  /**
   * The mask at another size, each pixel taken from the nearest one (as OpenCV takes it).
   *
   * @param newHeight in pixels
   * @param newWidth in pixels
   * @param flip whether left and right are exchanged
   * @return a new mask
   */
  public Bitmap resized(int newHeight, int newWidth, boolean flip) {
    boolean[] resized = new boolean[newHeight * newWidth];
    double stepX = (double) width / newWidth;
    double stepY = (double) height / newHeight;
    for (int y = 0; y < newHeight; y++) {
      int row = Math.min((int) (y * stepY), height - 1) * width;
      for (int x = 0; x < newWidth; x++) {
        int to = flip ? newWidth - 1 - x : x;
        resized[y * newWidth + to] = pixels[row + Math.min((int) (x * stepX), width - 1)];
      }
    }
    return new Bitmap(newHeight, newWidth, resized);
  }
}
