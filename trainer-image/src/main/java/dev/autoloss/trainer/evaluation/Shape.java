package dev.autoloss.trainer.evaluation;

import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.mask.RunLengths;

/** What of a detection is compared with an object. */
public enum Shape {
  /** The boxes. */
  BOX {
    @Override
    double area(DetectedBox detection) {
      return detection.width() * detection.height();
    }

    @Override
    double intersection(DetectedBox detection, CocoAnnotation object) {
      double width =
          Math.min(detection.x() + detection.width(), object.x() + object.width())
              - Math.max(detection.x(), object.x());
      double height =
          Math.min(detection.y() + detection.height(), object.y() + object.height())
              - Math.max(detection.y(), object.y());
      return width <= 0 || height <= 0 ? 0 : width * height;
    }

    @Override
    double extent(CocoAnnotation object) {
      return object.width() * object.height();
    }
  },

  /** The masks, which both must have. */
  MASK {
    @Override
    double area(DetectedBox detection) {
      return mask(detection).area();
    }

    @Override
    double intersection(DetectedBox detection, CocoAnnotation object) {
      return mask(detection).intersection(mask(object));
    }

    @Override
    double extent(CocoAnnotation object) {
      return mask(object).area();
    }
  };

  /** Area of a detection in square pixels. */
  abstract double area(DetectedBox detection);

  abstract double intersection(DetectedBox detection, CocoAnnotation object);

  abstract double extent(CocoAnnotation object);

  /**
   * Intersection over union; over the detection's own area if the object is a crowd. 0 if they do
   * not meet.
   */
  double overlap(DetectedBox detection, CocoAnnotation object) {
    double intersection = intersection(detection, object);
    if (intersection == 0) {
      return 0;
    }
    double own = area(detection);
    return intersection / (object.crowd() ? own : own + extent(object) - intersection);
  }

  private static RunLengths mask(DetectedBox detection) {
    return detection
        .mask()
        .orElseThrow(() -> new IllegalArgumentException("a detection without a mask"));
  }

  private static RunLengths mask(CocoAnnotation object) {
    return object
        .mask()
        .orElseThrow(() -> new IllegalArgumentException("an object without a mask"));
  }
}
