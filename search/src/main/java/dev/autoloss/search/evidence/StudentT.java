package dev.autoloss.search.evidence;

/** Student's t distribution. */
final class StudentT {
  private StudentT() {}

  /** P(T ≤ t) for degrees of freedom > 0. */
  static double cdf(double t, double degrees) {
    double square = t * t;
    // Each form keeps its digits where the other loses them: far out, and near the middle.
    double tail =
        square < degrees
            ? 0.5 - 0.5 * Beta.regularized(square / (degrees + square), 0.5, degrees / 2)
            : 0.5 * Beta.regularized(degrees / (degrees + square), degrees / 2, 0.5);
    return t <= 0 ? tail : 1 - tail;
  }

  /** The t with P(T ≤ t) = p, for p between 0 and 1. */
  static double quantile(double p, double degrees) {
    if (!(p > 0 && p < 1)) {
      throw new IllegalArgumentException("p: expected a number between 0 and 1, found " + p);
    }
    if (p > 0.5) {
      return -quantile(1 - p, degrees);
    }
    double low = -1;
    while (cdf(low, degrees) > p) {
      low *= 2;
    }
    return Bisection.rising(t -> cdf(t, degrees), p, low, 0);
  }
}
