package dev.autoloss.trainer.mask;

import java.util.Arrays;
import java.util.List;

/**
 * A mask as COCO stores it: lengths of runs, column by column, first of pixels outside.
 *
 * @param height in pixels
 * @param width in pixels
 * @param counts lengths whose sum is height · width
 * @see <a href="https://github.com/cocodataset/cocoapi">COCO API, maskApi.c</a>
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record RunLengths(int height, int width, int[] counts) {
  /**
   * Checks that the runs fill the sides.
   *
   * @throws IllegalArgumentException with what is wrong, if they do not
   */
  public RunLengths {
    long sum = 0;
    for (int count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("a run of " + count + " pixels");
      }
      sum += count;
    }
    if (sum != (long) height * width) {
      throw new IllegalArgumentException(
          "runs of %d pixels do not fill %d × %d".formatted(sum, height, width));
    }
  }

  /**
   * Takes a bitmap.
   *
   * @param mask the bitmap
   * @return its runs
   */
  public static RunLengths of(Bitmap mask) {
    int[] counts = new int[16];
    int used = 0;
    boolean inside = false;
    int length = 0;
    for (int x = 0; x < mask.width(); x++) {
      for (int y = 0; y < mask.height(); y++) {
        if (mask.pixels()[y * mask.width() + x] != inside) {
          if (used == counts.length) {
            counts = Arrays.copyOf(counts, 2 * used);
          }
          counts[used++] = length;
          inside = !inside;
          length = 0;
        }
        length++;
      }
    }
    int[] all = Arrays.copyOf(counts, used + 1);
    all[used] = length;
    return new RunLengths(mask.height(), mask.width(), all);
  }

  /**
   * Takes what lies in any of several polygons.
   *
   * @param height in pixels
   * @param width in pixels
   * @param polygons each x, y, x, y, …, at least three points
   * @return the mask that COCO's own code makes of them
   */
  public static RunLengths of(int height, int width, List<double[]> polygons) {
    boolean[] any = new boolean[height * width];
    for (double[] polygon : polygons) {
      boolean[] one = PolygonRaster.runs(height, width, polygon).bitmap().pixels();
      for (int i = 0; i < any.length; i++) {
        any[i] |= one[i];
      }
    }
    return of(new Bitmap(height, width, any));
  }

  /**
   * Reads the compressed form: differences of lengths, five bits a character.
   *
   * @param height in pixels
   * @param width in pixels
   * @param text characters of which each stands for 48 and its bits
   * @return the mask
   * @throws IllegalArgumentException with what is wrong, if it is no such text
   */
  public static RunLengths parse(int height, int width, String text) {
    int[] counts = new int[text.length()];
    int used = 0;
    int at = 0;
    while (at < text.length()) {
      long value = 0;
      int shift = 0;
      int bits;
      do {
        bits = at < text.length() ? text.charAt(at++) - 48 : -1;
        if (bits < 0 || bits > 63 || shift > 30) {
          throw new IllegalArgumentException("no compressed run lengths at offset " + (at - 1));
        }
        value |= (long) (bits & 0x1f) << shift;
        shift += 5;
      } while ((bits & 0x20) != 0);
      if ((bits & 0x10) != 0) {
        value |= -1L << shift;
      }
      counts[used] = Math.toIntExact(Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      if (used > 2) {
        counts[used] += counts[used - 2];
      }
      used++;
    }
    return new RunLengths(height, width, Arrays.copyOf(counts, used));
  }

  /**
   * Writes the compressed form.
   *
   * @return the text that {@link #parse} reads
   */
  public String compressed() {
    var text = new StringBuilder();
    for (int i = 0; i < counts.length; i++) {
      int value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
      boolean more;
      do {
        int bits = value & 0x1f;
        value >>= 5;
        more = (bits & 0x10) != 0 ? value != -1 : value != 0;
        text.append((char) (48 + (more ? bits | 0x20 : bits)));
      } while (more);
    }
    return text.toString();
  }

  /**
   * Counts the pixels inside.
   *
   * @return at least 0
   */
  public int area() {
    int area = 0;
    for (int i = 1; i < counts.length; i += 2) {
      area += counts[i];
    }
    return area;
  }

  /**
   * The least box around the pixels inside.
   *
   * @return left, top, width and height; zeros if there are none
   */
  public double[] bounds() {
    int left = width;
    int right = 0;
    int top = height;
    int bottom = 0;
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      int end = at + counts[i];
      if (i % 2 == 1 && counts[i] > 0) {
        boolean oneColumn = at / height == (end - 1) / height;
        left = Math.min(left, at / height);
        right = Math.max(right, (end - 1) / height + 1);
        top = oneColumn ? Math.min(top, at % height) : 0;
        bottom = oneColumn ? Math.max(bottom, (end - 1) % height + 1) : height;
      }
      at = end;
    }
    return right == 0 ? new double[4] : new double[] {left, top, right - left, bottom - top};
  }

  /**
   * Writes out every pixel.
   *
   * @return the mask
   */
  public Bitmap bitmap() {
    boolean[] pixels = new boolean[height * width];
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int end = at + counts[i]; at < end; at++) {
        pixels[at % height * width + at / height] = i % 2 == 1;
      }
    }
    return new Bitmap(height, width, pixels);
  }

  /**
   * Counts the pixels that are inside of two masks.
   *
   * @param other of the same sides
   * @return at least 0
   */
  public int intersection(RunLengths other) {
    int both = 0;
    int mine = 0;
    int theirs = 0;
    int left = counts[0];
    int otherLeft = other.counts[0];
    while (mine < counts.length && theirs < other.counts.length) {
      int step = Math.min(left, otherLeft);
      both += mine % 2 == 1 && theirs % 2 == 1 ? step : 0;
      left -= step;
      otherLeft -= step;
      if (left == 0 && ++mine < counts.length) {
        left = counts[mine];
      }
      if (otherLeft == 0 && ++theirs < other.counts.length) {
        otherLeft = other.counts[theirs];
      }
    }
    return both;
  }
}
