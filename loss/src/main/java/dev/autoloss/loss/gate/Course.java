package dev.autoloss.loss.gate;

/**
 * How a loss goes along a series of points at which it should rise.
 *
 * @param range greatest minus smallest value
 * @param flat share of the steps, in [0, 1], that don't move
 * @param against sum of all falls
 * @param from first point of the greatest fall without a rise in between
 * @param to last point of it
 */
record Course(double range, double flat, double against, int from, int to) {
  /**
   * Steps below this share of the range, and ranges below this share of the value, are rounding.
   */
  private static final double ROUNDING = 1e-9;

  /**
   * Follows the values.
   *
   * @param direction 1 if the loss should rise, −1 if it should fall
   */
  static Course along(double[] values, int direction) {
    double least = values[0];
    double greatest = values[0];
    for (double value : values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    double range = greatest - least;
    double noise = ROUNDING * range + Math.ulp(Math.max(Math.abs(least), Math.abs(greatest)));
    int flat = 0;
    double against = 0;
    double worst = 0;
    int start = 0;
    int from = 0;
    int to = 0;
    for (int k = 1; k < values.length; k++) {
      double step = direction * (values[k] - values[k - 1]);
      flat += Math.abs(step) <= noise ? 1 : 0;
      if (step >= -noise) {
        start = k;
        continue;
      }
      against -= step;
      double fall = direction * (values[start] - values[k]);
      if (fall > worst) {
        worst = fall;
        from = start;
        to = k;
      }
    }
    return new Course(range, flat / (values.length - 1.0), against, from, to);
  }
}
