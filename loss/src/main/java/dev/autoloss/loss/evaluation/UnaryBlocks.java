package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.UnaryOperator;

/**
 * {@link UnaryArithmetic} over blocks of numbers, with the operator chosen once a block. Only the
 * loops that are worth it are written out: where a number costs tens of nanoseconds the choice
 * inside the loop is not seen.
 */
final class UnaryBlocks {
  private UnaryBlocks() {}

  /** The operator's values at the first {@code length} numbers. */
  @SuppressWarnings("checkstyle:methodlength") // A table of loops, one an operator.
  static void value(UnaryOperator operator, double[] x, double[] result, int length) {
    switch (operator) {
      case NEG -> {
        for (int i = 0; i < length; i++) {
          result[i] = -x[i];
        }
      }
      case ABS -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.abs(x[i]);
        }
      }
      case SQRT -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.sqrt(x[i]);
        }
      }
      case RELU -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.max(x[i], 0);
        }
      }
      case EXP -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.exp(Math.min(x[i], Numerics.LARGEST_EXPONENT));
        }
      }
      case LOG -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.log(x[i] + Numerics.LOG_EPSILON);
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < length; i++) {
          result[i] = UnaryArithmetic.softplus(x[i]);
        }
      }
      case SIG -> {
        for (int i = 0; i < length; i++) {
          result[i] = UnaryArithmetic.sigmoid(x[i]);
        }
      }
      case TANH -> {
        for (int i = 0; i < length; i++) {
          result[i] = UnaryArithmetic.tanh(x[i]);
        }
      }
      case SALF -> {
        for (int i = 0; i < length; i++) {
          result[i] = UnaryArithmetic.algebraic(x[i] / 2);
        }
      }
      case SIN -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.sin(x[i]);
        }
      }
      case COS -> {
        for (int i = 0; i < length; i++) {
          result[i] = Math.cos(x[i]);
        }
      }
      case SOFTMAX, SERF, SERFC, SGDF -> {
        for (int i = 0; i < length; i++) {
          result[i] = UnaryArithmetic.value(operator, x[i]);
        }
      }
    }
  }

  /** Adds what flows back to the operand. */
  @SuppressWarnings("checkstyle:methodlength") // A table of loops, one an operator.
  static void gradient(
      UnaryOperator operator,
      double[] x,
      double[] value,
      double[] flow,
      double[] result,
      int length) {
    switch (operator) {
      case NEG -> {
        for (int i = 0; i < length; i++) {
          result[i] -= flow[i];
        }
      }
      case LOG -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i] / (x[i] + Numerics.LOG_EPSILON);
        }
      }
      case EXP,
          ABS,
          SQRT,
          SOFTPLUS,
          SIG,
          TANH,
          RELU,
          SIN,
          COS,
          SOFTMAX,
          SERF,
          SERFC,
          SALF,
          SGDF -> {
        for (int i = 0; i < length; i++) {
          result[i] += UnaryArithmetic.gradient(operator, x[i], value[i], flow[i]);
        }
      }
    }
  }
}
