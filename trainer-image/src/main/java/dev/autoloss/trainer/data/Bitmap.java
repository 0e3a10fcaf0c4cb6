package dev.autoloss.trainer.data;

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
}
