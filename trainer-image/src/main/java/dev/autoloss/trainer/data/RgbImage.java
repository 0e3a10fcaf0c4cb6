package dev.autoloss.trainer.data;

/**
 * An image of 8 bits a channel.
 *
 * @param width in pixels
 * @param height in pixels
 * @param pixels height × width × 3, row-major, red first; bytes are unsigned
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record RgbImage(int width, int height, byte[] pixels) {
  /**
   * Checks the length of the array.
   *
   * @throws IllegalArgumentException if it is not height × width × 3
   */
  public RgbImage {
    if (pixels.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%d bytes for %d×%d pixels".formatted(pixels.length, width, height));
    }
  }
}
