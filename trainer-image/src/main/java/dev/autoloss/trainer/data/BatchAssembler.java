package dev.autoloss.trainer.data;

import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.trainer.mask.Bitmap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes batches of images: flip, normalise, pad; boxes follow their image. */
final class BatchAssembler {
  private static final int MULTIPLE = 32;

  private final ResizedImages images;
  private final Map<Long, List<CocoAnnotation>> annotations;
  private final float[][] normalised = new float[3][256];
  private final int[] channels;

  BatchAssembler(
      ResizedImages images,
      Map<Long, List<CocoAnnotation>> annotations,
      Preprocessing preprocessing) {
    this.images = images;
    this.annotations = annotations;
    this.channels =
        preprocessing.channelOrder() == ChannelOrder.RGB
            ? new int[] {0, 1, 2}
            : new int[] {2, 1, 0};
    for (int c = 0; c < 3; c++) {
      for (int value = 0; value < 256; value++) {
        normalised[c][value] =
            (float) ((value - preprocessing.mean().get(c)) / preprocessing.std().get(c));
      }
    }
  }

  static int padded(int length) {
    return (length + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }

  /**
   * Makes one batch.
   *
   * @param indices the images
   * @param flips whether each is flipped
   */
  Batch assemble(int[] indices, boolean[] flips) {
    int height = 0;
    int width = 0;
    for (int index : indices) {
      height = Math.max(height, padded(images.size(index).height()));
      width = Math.max(width, padded(images.size(index).width()));
    }
    int plane = height * width;
    float[] pixels = new float[Math.multiplyExact(3 * indices.length, plane)];
    List<Batch.Sample> samples = new ArrayList<>(indices.length);
    for (int i = 0; i < indices.length; i++) {
      RgbImage image = images.read(indices[i]);
      for (int c = 0; c < 3; c++) {
        copyChannel(image, c, flips[i], pixels, (3 * i + c) * plane, width);
      }
      samples.add(sample(indices[i], flips[i]));
    }
    return new Batch(pixels, height, width, samples);
  }

  private void copyChannel(
      RgbImage image, int channel, boolean flip, float[] pixels, int start, int rowLength) {
    byte[] source = image.pixels();
    float[] values = normalised[channel];
    int width = image.width();
    int step = flip ? -1 : 1;
    for (int y = 0; y < image.height(); y++) {
      int from = 3 * y * width + channels[channel];
      int at = start + y * rowLength + (flip ? width - 1 : 0);
      for (int x = 0; x < width; x++, at += step, from += 3) {
        pixels[at] = values[source[from] & 0xff];
      }
    }
  }

  private Batch.Sample sample(int index, boolean flip) {
    CocoImage image = images.image(index);
    Resizing.Size size = images.size(index);
    List<CocoAnnotation> objects =
        annotations.getOrDefault(image.id(), List.of()).stream()
            .filter(object -> Selection.isTrainable(object, image))
            .toList();
    float[] boxes = new float[4 * objects.size()];
    int[] labels = new int[objects.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = objects.get(i).label();
      copyBox(objects.get(i), image, size, flip, boxes, 4 * i);
    }
    List<Bitmap> masks =
        objects.stream()
            .flatMap(object -> object.mask().stream())
            .map(mask -> mask.bitmap().resized(size.height(), size.width(), flip))
            .toList();
    return new Batch.Sample(
        image.id(),
        size.height(),
        size.width(),
        image.height(),
        image.width(),
        boxes,
        labels,
        masks);
  }

  private static void copyBox(
      CocoAnnotation object,
      CocoImage image,
      Resizing.Size size,
      boolean flip,
      float[] boxes,
      int at) {
    double scaleX = (double) size.width() / image.width();
    double scaleY = (double) size.height() / image.height();
    double left = Math.clamp(object.x() * scaleX, 0, size.width());
    double right = Math.clamp((object.x() + object.width()) * scaleX, 0, size.width());
    boxes[at] = (float) (flip ? size.width() - right : left);
    boxes[at + 1] = (float) Math.clamp(object.y() * scaleY, 0, size.height());
    boxes[at + 2] = (float) (flip ? size.width() - left : right);
    boxes[at + 3] = (float) Math.clamp((object.y() + object.height()) * scaleY, 0, size.height());
  }
}
