package dev.autoloss.trainer.data;

import dev.autoloss.trainer.mask.Bitmap;
import java.util.Arrays;
import java.util.List;

/**
 * Images of one step, normalised and padded with zeros on the right and below to a common size.
 *
 * @param pixels images × 3 × height × width, row-major
 * @param height common height in pixels, a multiple of 32
 * @param width common width in pixels, a multiple of 32
 * @param samples the images, in order
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record Batch(float[] pixels, int height, int width, List<Sample> samples) {
  /**
   * Some of the images, padded as before.
   *
   * @param from position of the first
   * @param to position behind the last
   * @return a batch of its own
   */
  public Batch part(int from, int to) {
    int size = 3 * height * width;
    return new Batch(
        Arrays.copyOfRange(pixels, from * size, to * size),
        height,
        width,
        List.copyOf(samples.subList(from, to)));
  }

  /**
   * One image of a batch.
   *
   * @param imageId COCO id
   * @param height of the resized image in pixels, at most the batch's
   * @param width of the resized image in pixels, at most the batch's
   * @param originalHeight of the file's image in pixels
   * @param originalWidth of the file's image in pixels
   * @param boxes ground truth, n × 4, xyxy in pixels of the resized (and flipped) image; empty if
   *     it has none
   * @param labels n labels, positions in {@link Categories}
   * @param masks n masks of the resized (and flipped) image, or none where the detector needs none
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record Sample(
      long imageId,
      int height,
      int width,
      int originalHeight,
      int originalWidth,
      float[] boxes,
      int[] labels,
      List<Bitmap> masks) {
    /**
     * An image without masks.
     *
     * @param imageId COCO id
     * @param height of the resized image in pixels, at most the batch's
     * @param width of the resized image in pixels, at most the batch's
     * @param originalHeight of the file's image in pixels
     * @param originalWidth of the file's image in pixels
     * @param boxes ground truth, n × 4
     * @param labels n labels
     */
    @SuppressWarnings("checkstyle:parameternumber") // The record's own, but for the masks.
    public Sample(
        long imageId,
        int height,
        int width,
        int originalHeight,
        int originalWidth,
        float[] boxes,
        int[] labels) {
      this(imageId, height, width, originalHeight, originalWidth, boxes, labels, List.of());
    }
  }
}
