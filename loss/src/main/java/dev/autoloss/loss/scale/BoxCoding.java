package dev.autoloss.loss.scale;

/**
 * How a detector's box branch writes a box as four numbers, which are what its gradients flow to.
 *
 * <p>Boxes are four numbers {@code left, top, right, bottom} in the detector's units, in arrays
 * that hold one after another; so are anchors and codes.
 */
public enum BoxCoding {
  /**
   * Offsets {@code dx, dy, dw, dh} from an anchor or proposal, in its width and height and their
   * logarithms, divided by {@code .1 .1 .2 .2}; pixels. Faster, Cascade and Mask R-CNN (first
   * stage) and ATSS.
   */
  DELTAS,
  /**
   * Distances {@code l, t, r, b} from a point to the sides, negative ones taken as 0; strides.
   * FCOS. The point is the anchor's centre.
   */
  DISTANCES;

  private static final double SHIFT_DEVIATION = 0.1;
  private static final double SIZE_DEVIATION = 0.2;

  /** Published clamp of the logarithms of sizes. */
  private static final double LARGEST_LOG = Math.log(1000.0 / 16);

  /**
   * Writes boxes as codes.
   *
   * @param anchors four numbers a box, with sides above 0
   * @param boxes four numbers a box, with sides above 0
   * @param codes four numbers a box, written
   */
  void encode(double[] anchors, double[] boxes, double[] codes) {
    for (int k = 0; k < codes.length; k++) {
      if (k % 4 < 2) {
        double side = anchors[k + 2] - anchors[k];
        double point = (anchors[k] + anchors[k + 2]) / 2;
        double centre = (boxes[k] + boxes[k + 2]) / 2;
        double log = Math.log((boxes[k + 2] - boxes[k]) / side);
        codes[k] = deltas() ? (centre - point) / side / SHIFT_DEVIATION : point - boxes[k];
        codes[k + 2] = deltas() ? log / SIZE_DEVIATION : boxes[k + 2] - point;
      }
    }
  }

  /**
   * Reads boxes from codes.
   *
   * @param anchors four numbers a box, with sides above 0
   * @param codes four numbers a box
   * @param boxes four numbers a box, written
   */
  void decode(double[] anchors, double[] codes, double[] boxes) {
    for (int k = 0; k < codes.length; k++) {
      if (k % 4 < 2) {
        double side = anchors[k + 2] - anchors[k];
        double point = (anchors[k] + anchors[k + 2]) / 2;
        if (deltas()) {
          double log = Math.clamp(codes[k + 2] * SIZE_DEVIATION, -LARGEST_LOG, LARGEST_LOG);
          double half = side * Math.exp(log) / 2;
          double centre = point + codes[k] * SHIFT_DEVIATION * side;
          boxes[k] = centre - half;
          boxes[k + 2] = centre + half;
        } else {
          boxes[k] = point - Math.max(codes[k], 0);
          boxes[k + 2] = point + Math.max(codes[k + 2], 0);
        }
      }
    }
  }

  /**
   * Turns gradients by the boxes' sides into gradients by the codes, in place.
   *
   * @param anchors four numbers a box
   * @param codes four numbers a box, where the gradient is taken
   * @param boxes what they decode to
   * @param gradients by the boxes' sides, afterwards by the codes
   */
  void pullBack(double[] anchors, double[] codes, double[] boxes, double[] gradients) {
    for (int k = 0; k < codes.length; k++) {
      if (k % 4 < 2) {
        double least = gradients[k];
        double greatest = gradients[k + 2];
        if (deltas()) {
          double half = (boxes[k + 2] - boxes[k]) / 2;
          boolean free = Math.abs(codes[k + 2] * SIZE_DEVIATION) < LARGEST_LOG;
          gradients[k] = (least + greatest) * SHIFT_DEVIATION * (anchors[k + 2] - anchors[k]);
          gradients[k + 2] = free ? (greatest - least) * half * SIZE_DEVIATION : 0;
        } else {
          gradients[k] = codes[k] > 0 ? -least : 0;
          gradients[k + 2] = codes[k + 2] > 0 ? greatest : 0;
        }
      }
    }
  }

  private boolean deltas() {
    return this == DELTAS;
  }
}
