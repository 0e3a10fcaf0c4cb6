package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.Detections;

/** Boxes between the resized image and the original. */
final class OriginalPixels {
  private OriginalPixels() {}

  /** Any number of boxes of the resized image in pixels of the original. */
  static float[] of(float[] boxes, Batch.Sample sample) {
    float scaleX = (float) sample.originalWidth() / sample.width();
    float scaleY = (float) sample.originalHeight() / sample.height();
    return scaled(boxes, scaleX, scaleY);
  }

  /** The same detections in pixels of the original. */
  static Detections of(Detections resized, Batch.Sample sample) {
    return new Detections(
        resized.imageId(), of(resized.boxes(), sample), resized.scores(), resized.labels());
  }

  /** Any number of boxes of the original in pixels of the resized image. */
  static float[] resized(float[] boxes, Batch.Sample sample) {
    float scaleX = (float) sample.width() / sample.originalWidth();
    float scaleY = (float) sample.height() / sample.originalHeight();
    return scaled(boxes, scaleX, scaleY);
  }

  private static float[] scaled(float[] boxes, float scaleX, float scaleY) {
    float[] scaled = new float[boxes.length];
    for (int i = 0; i < boxes.length; i += 2) {
      scaled[i] = boxes[i] * scaleX;
      scaled[i + 1] = boxes[i + 1] * scaleY;
    }
    return scaled;
  }
}
