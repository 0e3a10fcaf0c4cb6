package dev.autoloss.search.evidence;

/** The standard normal distribution. */
final class Normal {
  private static final int TERMS = 400;

  /** Beyond it the series would need more terms than the fraction. */
  private static final double FAR = 3;

  private Normal() {}

  static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** P(X ≤ x): near the middle by its series, far out by Mills's continued fraction. */
  static double cdf(double x) {
    if (Math.abs(x) > FAR) {
      double tail = density(x) / fraction(Math.abs(x));
      return x < 0 ? tail : 1 - tail;
    }
    double term = x;
    double sum = x;
    for (int i = 1; i < TERMS && sum + term != sum; i++) {
      term *= x * x / (2 * i + 1);
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }

  private static double fraction(double x) {
    double value = x;
    for (int i = TERMS; i > 0; i--) {
      value = x + i / value;
    }
    return value;
  }

  /** The x with P(X ≤ x) = p, for p between 0 and 1. */
  static double quantile(double p) {
    if (!(p > 0 && p < 1)) {
      throw new IllegalArgumentException("p: expected a number between 0 and 1, found " + p);
    }
    return p > 0.5 ? -quantile(1 - p) : Bisection.rising(Normal::cdf, p, -40, 0);
  }
}
