package dev.autoloss.loss.evaluation;

/**
 * The complementary error function {@code erfc(x) = 2/√π ∫ₓ^∞ exp(−t²) dt}, to a few units in the
 * last place over the whole range.
 *
 * <p>Below 1/2 in magnitude the Taylor series of erf; beyond, {@code exp(x²) erfc(x) (x + 5/2)} as
 * a series in {@code t = (7/2 − x)/(5/2 + x)}, which maps [1/2, ∞) to (−1, 1]. Coefficients were
 * computed with 50 digits.
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

  /** By powers of t; those of the Chebyshev series, summed exactly. */
  private static final double[] TAIL = {
    0.9317619336533657,
    0.5558868683437239,
    0.2592690992414705,
    0.08707463736922455,
    0.01606632585631037,
    -0.0014074219611934012,
    -0.0016011436712016973,
    -0.00013690726283981157,
    0.0001493949855130327,
    2.668787851472139e-05,
    -1.7531350670386807e-05,
    -3.461724631344648e-06,
    2.6062690195134988e-06,
    3.27767849542079e-07,
    -4.419271095047617e-07,
    4.542558981893757e-09,
    7.493025204322738e-08,
    -1.4598471325721832e-08,
    -1.0978146735613629e-08,
    5.219462579707663e-09,
    1.074398500823017e-09,
    -1.2422645302821634e-09,
    -9.834184368010986e-12,
    2.0036705915849808e-10,
    -1.0100287220170997e-11,
    -1.679028856790274e-11,
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
    double fourth = square * square;
    double even = 0;
    double odd = 0;
    for (int k = TAYLOR.length - 2; k >= 0; k -= 2) {
      even = even * fourth + TAYLOR[k];
      odd = odd * fourth + TAYLOR[k + 1];
    }
    return (even + odd * square) * x;
  }

  /** Four sums side by side, for one would wait for itself at every step. */
  private static double series(double t) {
    double square = t * t;
    double fourth = square * square;
    double a = TAIL[24];
    double b = TAIL[25];
    double c = 0;
    double d = 0;
    for (int k = 20; k >= 0; k -= 4) {
      a = a * fourth + TAIL[k];
      b = b * fourth + TAIL[k + 1];
      c = c * fourth + TAIL[k + 2];
      d = d * fourth + TAIL[k + 3];
    }
    return a + b * t + (c + d * t) * square;
  }

  private static double tail(double x) {
    if (x > UNDERFLOW) {
      return 0;
    }
    double t = (SCALE + SWITCH - x) / (SCALE - SWITCH + x);
    double square = x * x;
    double rest = Math.fma(x, x, -square);
    return Math.exp(-square) * (1 - rest) * series(t) / (SCALE - SWITCH + x);
  }
}
