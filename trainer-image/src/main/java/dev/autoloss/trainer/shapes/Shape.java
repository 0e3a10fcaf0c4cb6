package dev.autoloss.trainer.shapes;

/**
 * A filled shape.
 *
 * @param kind what it is
 * @param x of its centre in pixels
 * @param y of its centre in pixels
 * @param radius from the centre to the farthest point, in pixels
 * @param angle by which it is turned, in radians
 * @param colour RGB, 0xRRGGBB
 */
record Shape(Kind kind, double x, double y, double radius, double angle, int colour) {
  /** The classes of the data set. */
  enum Kind {
    CIRCLE(0),
    SQUARE(1),
    TRIANGLE(2);

    private final int label;

    Kind(int label) {
      this.label = label;
    }

    int label() {
      return label;
    }
  }

  /** Tells whether a pixel's centre lies within. */
  boolean covers(int column, int row) {
    double dx = column + .5 - x;
    double dy = row + .5 - y;
    double along = dx * StrictMath.cos(angle) + dy * StrictMath.sin(angle);
    double across = dy * StrictMath.cos(angle) - dx * StrictMath.sin(angle);
    return switch (kind) {
      case CIRCLE -> dx * dx + dy * dy <= radius * radius;
      case SQUARE -> Math.max(Math.abs(along), Math.abs(across)) <= radius / StrictMath.sqrt(2);
      // Equilateral, a corner at along = radius, the opposite side at along = -radius / 2.
      case TRIANGLE ->
          along >= -radius / 2 && Math.abs(across) * StrictMath.sqrt(3) <= radius - along;
    };
  }
}
