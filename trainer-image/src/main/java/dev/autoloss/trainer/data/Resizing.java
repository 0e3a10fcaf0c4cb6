package dev.autoloss.trainer.data;

import dev.autoloss.api.Resize;

/** Resizing that keeps the ratio, as the reference implementation's (mmcv {@code imrescale}). */
final class Resizing {
  private Resizing() {}

  /** The size of a resized image. */
  record Size(int width, int height) {}

  /**
   * The largest size within both limits: {@code f = min(longLimit/long, shortLimit/short)}, {@code
   * new = int(old · f + .5)}, at least one pixel.
   */
  static Size size(int width, int height, Resize limits) {
    double factor =
        Math.min(
            (double) Math.max(limits.longSide(), limits.shortSide()) / Math.max(width, height),
            (double) Math.min(limits.longSide(), limits.shortSide()) / Math.min(width, height));
    return new Size(
        Math.max(1, (int) (width * factor + .5)), Math.max(1, (int) (height * factor + .5)));
  }

  /**
   * Bilinear between pixel centres, edges repeated, not smoothed when shrinking (OpenCV's
   * INTER_LINEAR, from which it differs by at most one grey level of 255 through rounding).
   */
  static RgbImage bilinear(RgbImage image, Size size) {
    if (size.width() == image.width() && size.height() == image.height()) {
      return image;
    }
    Axis xs = new Axis(image.width(), size.width());
    Axis ys = new Axis(image.height(), size.height());
    byte[] source = image.pixels();
    byte[] target = new byte[3 * size.width() * size.height()];
    for (int y = 0, at = 0; y < size.height(); y++) {
      int upper = 3 * image.width() * ys.low[y];
      int lower = 3 * image.width() * ys.high[y];
      float v = ys.share[y];
      for (int x = 0; x < size.width(); x++) {
        float u = xs.share[x];
        int left = 3 * xs.low[x];
        int right = 3 * xs.high[x];
        for (int c = 0; c < 3; c++) {
          float above = mix(source[upper + left + c], source[upper + right + c], u);
          float below = mix(source[lower + left + c], source[lower + right + c], u);
          target[at++] = (byte) (int) (above + v * (below - above) + .5f);
        }
      }
    }
    return new RgbImage(size.width(), size.height(), target);
  }

  private static float mix(byte first, byte second, float share) {
    int start = first & 0xff;
    return start + share * ((second & 0xff) - start);
  }

  /** For each target position the two source positions and the share of the second. */
  private static final class Axis {
    private final int[] low;
    private final int[] high;
    private final float[] share;

    Axis(int source, int target) {
      low = new int[target];
      high = new int[target];
      share = new float[target];
      for (int i = 0; i < target; i++) {
        double at = Math.clamp((i + .5) * source / target - .5, 0, source - 1);
        low[i] = (int) at;
        high[i] = Math.min(low[i] + 1, source - 1);
        share[i] = (float) (at - low[i]);
      }
    }
  }
}
