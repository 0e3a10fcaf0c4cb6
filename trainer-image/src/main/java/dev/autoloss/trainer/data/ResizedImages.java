package dev.autoloss.trainer.data;

import dev.autoloss.api.Resize;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The resized images of a data set, kept in memory as bytes until a bound is reached; later ones
 * are read again each time. Nothing is ever evicted: every epoch visits every image once, so what
 * is kept is used as often as anything else would be.
 */
final class ResizedImages {
  private final List<CocoImage> images;
  private final ImageStore store;
  private final Resize resize;
  private final AtomicLong freeBytes;
  private final AtomicReferenceArray<RgbImage> kept;

  ResizedImages(List<CocoImage> images, ImageStore store, Resize resize, long maxBytes) {
    this.images = images;
    this.store = store;
    this.resize = resize;
    this.freeBytes = new AtomicLong(maxBytes);
    this.kept = new AtomicReferenceArray<>(images.size());
  }

  CocoImage image(int index) {
    return images.get(index);
  }

  Resizing.Size size(int index) {
    CocoImage image = images.get(index);
    return Resizing.size(image.width(), image.height(), resize);
  }

  RgbImage read(int index) {
    RgbImage known = kept.get(index);
    if (known != null) {
      return known;
    }
    RgbImage resized = Resizing.bilinear(store.read(images.get(index)), size(index));
    long bytes = resized.pixels().length;
    if (freeBytes.addAndGet(-bytes) < 0) {
      freeBytes.addAndGet(bytes);
    } else if (!kept.compareAndSet(index, null, resized)) {
      freeBytes.addAndGet(bytes);
    }
    return resized;
  }
}
