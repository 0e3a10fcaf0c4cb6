package dev.autoloss.loss.scale;

/**
 * The areas that a loss of boxes is written in, and what their gradients do to the predicted box.
 * As the published code: union and enclosing box get 1e-7, and boxes that are apart do not move
 * with the area that they share.
 */
final class Areas {
  private static final double EPSILON = 1e-7;

  private final AreaUnits units;
  private final double[] targets;
  final double[] intersection;
  final double[] union;
  final double[] enclosing;

  /** Of boxes against {@code targets}, both four sides a box. */
  Areas(AreaUnits units, double[] targets) {
    this.units = units;
    this.targets = targets;
    this.intersection = new double[targets.length / 4];
    this.union = new double[targets.length / 4];
    this.enclosing = new double[targets.length / 4];
  }

  /** Measures the boxes. */
  void measure(double[] boxes) {
    for (int i = 0, k = 0; k < boxes.length; i++, k += 4) {
      double target = area(targets, k);
      double unit = units.unit(target);
      double shared = Math.max(shared(boxes, k), 0) * Math.max(shared(boxes, k + 1), 0);
      intersection[i] = shared / unit;
      union[i] = (area(boxes, k) + target - shared + EPSILON) / unit;
      enclosing[i] = (around(boxes, k) * around(boxes, k + 1) + EPSILON) / unit;
    }
  }

  /**
   * Turns gradients by the areas of the {@code boxes} into gradients by their sides, written to
   * {@code result}.
   */
  void pullBack(
      double[] boxes,
      double[] byIntersection,
      double[] byUnion,
      double[] byEnclosing,
      double[] result) {
    for (int i = 0, k = 0; k < boxes.length; i++, k += 4) {
      double unit = units.unit(area(targets, k));
      boolean apart = !(shared(boxes, k) > 0 && shared(boxes, k + 1) > 0);
      double shared = apart ? 0 : (byIntersection[i] - byUnion[i]) / unit;
      for (int axis = 0; axis < 2; axis++) {
        int least = k + axis;
        int other = k + 1 - axis;
        double own = byUnion[i] / unit * (boxes[other + 2] - boxes[other]);
        double common = shared == 0 ? 0 : shared * shared(boxes, other);
        double wide = byEnclosing[i] / unit * around(boxes, other);
        result[least] =
            -own
                - (boxes[least] > targets[least] ? common : 0)
                - (boxes[least] < targets[least] ? wide : 0);
        result[least + 2] =
            own
                + (boxes[least + 2] < targets[least + 2] ? common : 0)
                + (boxes[least + 2] > targets[least + 2] ? wide : 0);
      }
    }
  }

  /** The mean of intersection over union. */
  double meanOverlap() {
    double sum = 0;
    for (int i = 0; i < union.length; i++) {
      sum += intersection[i] / union[i];
    }
    return sum / union.length;
  }

  private static double area(double[] boxes, int k) {
    return (boxes[k + 2] - boxes[k]) * (boxes[k + 3] - boxes[k + 1]);
  }

  /** How far both boxes reach together along the axis that {@code k} points to; below 0: apart. */
  private double shared(double[] boxes, int k) {
    return Math.min(boxes[k + 2], targets[k + 2]) - Math.max(boxes[k], targets[k]);
  }

  private double around(double[] boxes, int k) {
    return Math.max(boxes[k + 2], targets[k + 2]) - Math.min(boxes[k], targets[k]);
  }
}
