package dev.autoloss.loss.evaluation;

/**
 * The complementary error function {@code erfc(x) = 2/√π ∫ₓ^∞ exp(−t²) dt}, to a few units in the
 * last place over the whole range.
 *
 * <p>Below 1/2 in magnitude the Taylor series of erf; beyond, {@code exp(x²) erfc(x) (x + 5/2)} as
 * a Chebyshev series in {@code t = (7/2 − x)/(5/2 + x)}, which maps [1/2, ∞) to (−1, 1].
 * Coefficients were computed with 50 digits.
 */
final class ErrorFunction {
  private static final double SWITCH = 0.5;
  private static final double SCALE = 3;

  /** Beyond, erfc is below the smallest double. */
  private static final double UNDERFLOW = 28;

  private static final double[] TAYLOR = {
    1.1283791670955126,
    -0.37612638903183754,
    0.11283791670955126,
    -0.026866170645131252,
    0.005223977625442188,
    -0.0008548327023450853,
    0.00012055332981789664,
    -1.492565035840625e-05,
    1.6462114365889248e-06,
    -1.6365844691234924e-07,
    1.4807192815879218e-08,
    -1.2290555301717928e-09,
    9.422759064650411e-11,
    -6.7113668551641105e-12,
  };

  private static final double[] CHEBYSHEV = {
    1.0669580421392333,
    0.6202500452595417,
    0.1369762148917103,
    0.021291659899086168,
    0.0017371853691808517,
    -9.96868298912262e-05,
    -4.2004835132075046e-05,
    -1.3645527119992318e-06,
    8.926157059063146e-07,
    7.307856068468331e-08,
    -2.282365808778525e-08,
    -2.4052659166615254e-09,
    7.330462324136272e-10,
    6.751873639359263e-11,
    -2.7923236225431868e-11,
    -1.3106837475529107e-12,
    1.1484130261460301e-12,
    -2.129959389647899e-14,
    -4.6291785062024004e-14,
    4.815967267078593e-15,
    1.6137705464382306e-15,
    -3.86211252945877e-16,
    -3.358645805789803e-17,
    2.2751749899174205e-17,
    -1.2040480637754198e-18,
    -1.000779185766145e-18,
  };

  private ErrorFunction() {}

  /** The value in [0, 2]; NaN for NaN. */
  static double erfc(double x) {
    if (Double.isNaN(x)) {
      return Double.NaN;
    }
    if (Math.abs(x) < SWITCH) {
      return 1 - taylor(x);
    }
    return x > 0 ? tail(x) : 2 - tail(-x);
  }

  private static double taylor(double x) {
    double square = x * x;
    double sum = 0;
    for (int k = TAYLOR.length - 1; k >= 0; k--) {
      sum = sum * square + TAYLOR[k];
    }
    return sum * x;
  }

  private static double tail(double x) {
    if (x > UNDERFLOW) {
      return 0;
    }
    double t = (SCALE + SWITCH - x) / (SCALE - SWITCH + x);
    double previous = 0;
    double current = 0;
    for (int k = CHEBYSHEV.length - 1; k > 0; k--) {
      double next = 2 * t * current - previous + CHEBYSHEV[k];
      previous = current;
      current = next;
    }
    double series = t * current - previous + CHEBYSHEV[0];
    double square = x * x;
    double rest = Math.fma(x, x, -square);
    return Math.exp(-square) * (1 - rest) * series / (SCALE - SWITCH + x);
  }
}
