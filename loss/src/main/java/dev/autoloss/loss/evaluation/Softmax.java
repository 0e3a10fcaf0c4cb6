package dev.autoloss.loss.evaluation;

/**
 * {@code Softmax} over the columns of each row, and its logarithm.
 *
 * <p>Written so that a sure class keeps its digits: {@code 1 − p} is the sum of the other classes.
 */
final class Softmax {
  /** Above, {@code exp(z)} dominates what {@code Log} adds to it. */
  private static final double DOMINANT = -40;

  private Softmax() {}

  /**
   * The shares of a row's columns.
   *
   * @param x rows × columns, row by row
   * @return the same shape, each row sums to 1
   */
  static double[] value(double[] x, int columns) {
    double[] result = new double[x.length];
    value(x, result, x.length, columns);
    return result;
  }

  /** As {@link #value(double[], int)}, of the first {@code length} numbers. */
  static void value(double[] x, double[] result, int length, int columns) {
    for (int start = 0; start < length; start += columns) {
      int best = greatest(x, start, columns);
      double sum = 0;
      for (int i = start; i < start + columns; i++) {
        result[i] = Math.exp(x[i] - x[best]);
        sum += result[i];
      }
      for (int i = start; i < start + columns; i++) {
        result[i] /= sum;
      }
    }
  }

  /** {@code log(softmax(x) + 1e-20)}, without the rounding of softmax in between. */
  static double[] log(double[] x, int columns) {
    double[] result = new double[x.length];
    log(x, result, x.length, columns);
    return result;
  }

  /** As {@link #log(double[], int)}, of the first {@code length} numbers. */
  static void log(double[] x, double[] result, int length, int columns) {
    for (int start = 0; start < length; start += columns) {
      int best = greatest(x, start, columns);
      double others = 0;
      for (int i = start; i < start + columns; i++) {
        others += i == best ? 0 : Math.exp(x[i] - x[best]);
      }
      double scale = Math.log1p(others);
      for (int i = start; i < start + columns; i++) {
        double z = x[i] - x[best] - scale;
        result[i] =
            z > DOMINANT
                ? z + Math.log1p(Numerics.LOG_EPSILON * Math.exp(-z))
                : Math.log(Math.exp(z) + Numerics.LOG_EPSILON);
      }
    }
  }

  private static int greatest(double[] x, int start, int columns) {
    int best = start;
    for (int i = start; i < start + columns; i++) {
      best = x[i] > x[best] ? i : best;
    }
    return best;
  }

  /**
   * Adds to {@code result} what flows back to the operand: {@code pᵢ Σⱼ (gᵢ − gⱼ) pⱼ}, which is
   * {@code pᵢ (gᵢ − Σⱼ gⱼ pⱼ)} as the shares sum to 1.
   *
   * @param value the shares {@code p}
   * @param flow the gradients {@code g} that arrive at them
   */
  static void gradient(double[] value, double[] flow, double[] result, int length, int columns) {
    for (int start = 0; start < length; start += columns) {
      for (int i = start; i < start + columns; i++) {
        double sum = 0;
        for (int j = start; j < start + columns; j++) {
          sum += (flow[i] - flow[j]) * value[j];
        }
        result[i] += value[i] * sum;
      }
    }
  }
}
