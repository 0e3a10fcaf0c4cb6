package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.UnaryOperator;

/**
 * The operators of one operand on single numbers; all but {@code Softmax}, which needs a row.
 *
 * <p>Forms are chosen so that no digits are lost in the tails, where the definitions as written
 * subtract nearly equal numbers.
 */
final class UnaryArithmetic {
  private static final double SERF_SCALE = Math.sqrt(Math.PI) / 4;
  private static final double GUDERMANN_SCALE = Math.PI / 4;

  /** Below, {@code 1 − exp(−2x)} loses digits. */
  private static final double NEAR = 0.3;

  /** Beyond, a square is infinite, and 1 beside it nothing. */
  private static final double FAR = 1e150;

  private UnaryArithmetic() {}

  /** The operator's value at {@code x}. */
  static double value(UnaryOperator operator, double x) {
    return switch (operator) {
      case NEG -> -x;
      case EXP -> Math.exp(Math.min(x, Numerics.LARGEST_EXPONENT));
      case LOG -> Math.log(x + Numerics.LOG_EPSILON);
      case ABS -> Math.abs(x);
      case SQRT -> Math.sqrt(x);
      case SOFTPLUS -> softplus(x);
      case SIG -> sigmoid(x);
      case TANH -> tanh(x);
      case RELU -> Math.max(x, 0);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case SOFTMAX -> throw new IllegalArgumentException("Softmax has no value at one number");
      case SERF -> ErrorFunction.erfc(-SERF_SCALE * x) / 2;
      case SERFC -> ErrorFunction.erfc(SERF_SCALE * x) / 2;
      case SALF -> algebraic(x / 2);
      case SGDF -> 2 / Math.PI * Math.atan(Math.exp(GUDERMANN_SCALE * x));
    };
  }

  /**
   * What flows back to the operand.
   *
   * @param x the operand
   * @param value the operator's value at it
   * @param flow the gradient that arrives at the value
   */
  static double gradient(UnaryOperator operator, double x, double value, double flow) {
    return switch (operator) {
      case NEG -> -flow;
      case EXP -> x > Numerics.LARGEST_EXPONENT ? 0 : flow * value;
      case LOG -> flow / (x + Numerics.LOG_EPSILON);
      case ABS -> flow * Math.signum(x);
      case SQRT -> flow / (2 * value);
      case SOFTPLUS -> flow * sigmoid(x);
      case SIG -> flow * value * sigmoid(-x);
      case TANH -> flow * square(sech(x));
      case RELU -> x > 0 ? flow : 0;
      case SIN -> flow * Math.cos(x);
      case COS -> -flow * Math.sin(x);
      case SOFTMAX -> throw new IllegalArgumentException("Softmax has no gradient at one number");
      case SERF -> flow * Math.exp(-square(SERF_SCALE * x)) / 4;
      case SERFC -> -flow * Math.exp(-square(SERF_SCALE * x)) / 4;
      case SALF -> flow / (4 * cube(Math.sqrt(1 + square(x / 2))));
      case SGDF -> flow * sech(GUDERMANN_SCALE * x) / 4;
    };
  }

  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double exponential = Math.exp(x);
    return exponential / (1 + exponential);
  }

  /** {@code log1p} by way of {@code log}, which the compiler knows, takes a third of the time. */
  static double softplus(double x) {
    double exponential = Math.exp(-Math.abs(x));
    double sum = 1 + exponential;
    return Math.max(x, 0) + (Math.log(sum) + (exponential - (sum - 1)) / sum);
  }

  static double tanh(double x) {
    double size = Math.abs(x);
    if (size < NEAR) {
      return Math.tanh(x);
    }
    double exponential = Math.exp(-2 * size);
    return Math.copySign((1 - exponential) / (1 + exponential), x);
  }

  /** {@code 1/cosh(x)}. */
  private static double sech(double x) {
    double exponential = Math.exp(-Math.abs(x));
    return 2 * exponential / (1 + square(exponential));
  }

  static double algebraic(double z) {
    double root = Math.abs(z) > FAR ? Math.abs(z) : Math.sqrt(1 + square(z));
    double lower = 1 / (2 * root * (root + Math.abs(z)));
    return z > 0 ? 1 - lower : lower;
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static double square(double x) {
    return x * x;
  }
}
