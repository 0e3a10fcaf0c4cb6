package dev.autoloss.loss.simplification;

import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.Map;

/**
 * Bounds of an expression's values over all inputs that a detector can give.
 *
 * <p>Inputs: logits from −1e6 to 1e6, labels and overlaps from 0 to 1, the intersection from 0 and
 * union and enclosing area from 1e-7 to 1e12 (boxes of a million pixels), at most 10,000 classes.
 *
 * @param low no value is less; −∞ if not known
 * @param high no value is greater; ∞ if not known
 * @param total whether value and gradient are finite at all of these inputs; false if not known
 */
record Range(double low, double high, boolean total) {
  /** What the language's {@code Div} and {@code Log} add. */
  private static final double EPSILON = 1e-20;

  /** Divisors above are changed by less than 1e-10 of themselves by what {@code Div} adds. */
  private static final double CLEAR_OF_ZERO = 1e-10;

  /** Products of two numbers below do not overflow. */
  private static final double MODERATE = 1e150;

  private static final double GREATEST_LOGIT = 1e6;
  private static final double LEAST_AREA = 1e-7;
  private static final double GREATEST_AREA = 1e12;
  private static final double GREATEST_CLASSES = 1e4;
  private static final double EXP_LIMIT = 88;

  private static final Range UNKNOWN =
      new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);

  static Range of(Expression expression) {
    return switch (expression) {
      case Expression.Input(var variable) -> input(variable);
      case Constant(var value) -> new Range(value, value, true);
      case Expression.Unary(var operator, var operand) -> unary(operator, of(operand)).moderate();
      case Expression.Binary(var operator, var left, var right) ->
          binary(operator, of(left), of(right)).moderate();
    };
  }

  /** Whether dividing by it is the same as dividing by it plus 1e-20, to 10 digits. */
  boolean clearOfZero() {
    return low >= CLEAR_OF_ZERO || high <= -CLEAR_OF_ZERO;
  }

  /** Whether sums and products with others like it stay finite. */
  boolean isModerate() {
    return low >= -MODERATE && high <= MODERATE;
  }

  private Range moderate() {
    return isModerate() ? this : UNKNOWN;
  }

  private static Range input(Variable variable) {
    return switch (variable) {
      case X -> new Range(-GREATEST_LOGIT, GREATEST_LOGIT, true);
      case Y, Z, Q, PY, NY -> new Range(0, 1, true);
      case I -> new Range(0, GREATEST_AREA, true);
      case U, E -> new Range(LEAST_AREA, GREATEST_AREA, true);
    };
  }

  private static Range unary(UnaryOperator operator, Range x) {
    return switch (operator) {
      case NEG -> new Range(-x.high, -x.low, x.total);
      case EXP ->
          new Range(
              Math.exp(Math.min(x.low, EXP_LIMIT)), Math.exp(Math.min(x.high, EXP_LIMIT)), x.total);
      case LOG -> log(x);
      case ABS -> new Range(x.distance(), Math.max(-x.low, x.high), x.total);
      // At 0 the gradient is infinite.
      case SQRT -> new Range(0, Math.sqrt(Math.max(x.high, 0)), x.total && x.low >= CLEAR_OF_ZERO);
      case SOFTPLUS -> new Range(0, Math.max(x.high, 0) + 1, x.total);
      case RELU -> new Range(Math.max(x.low, 0), Math.max(x.high, 0), x.total);
      case TANH, SIN, COS -> new Range(-1, 1, x.total);
      case SIG, SOFTMAX, SERF, SERFC, SALF, SGDF -> new Range(0, 1, x.total);
    };
  }

  private static Range log(Range x) {
    double high = x.high > 0 ? Math.log(x.high + EPSILON) + EPSILON : Math.log(EPSILON);
    return x.low >= 0
        ? new Range(Math.log(x.low + EPSILON), high, x.total)
        : new Range(Double.NEGATIVE_INFINITY, high, false);
  }

  private double distance() {
    return low > 0 ? low : high < 0 ? -high : 0;
  }

  private static Range binary(BinaryOperator operator, Range a, Range b) {
    boolean total = a.total && b.total;
    return switch (operator) {
      case ADD -> new Range(a.low + b.low, a.high + b.high, total);
      case SUB -> new Range(a.low - b.high, a.high - b.low, total);
      case MUL -> product(a, b);
      case DIV -> quotient(a, b);
      case DOT -> {
        Range each = product(a, b);
        yield new Range(
            Math.min(each.low, each.low * GREATEST_CLASSES),
            Math.max(each.high, each.high * GREATEST_CLASSES),
            total);
      }
    };
  }

  private static Range product(Range a, Range b) {
    return corners(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high, a, b);
  }

  private static Range quotient(Range a, Range b) {
    double low = b.low + EPSILON;
    double high = b.high + EPSILON;
    if (!(b.low >= 0 || b.high <= -CLEAR_OF_ZERO)) {
      return UNKNOWN;
    }
    return corners(a.low / low, a.low / high, a.high / low, a.high / high, a, b);
  }

  /** The hull of four numbers; unknown if one is NaN, as of 0 · ∞. */
  private static Range corners(double p, double q, double r, double s, Range a, Range b) {
    double low = Math.min(Math.min(p, q), Math.min(r, s));
    double high = Math.max(Math.max(p, q), Math.max(r, s));
    return Double.isNaN(low) ? UNKNOWN : new Range(low, high, a.total && b.total);
  }

  /**
   * The value of operators on constants, as the evaluation computes it; NaN and infinities too.
   *
   * @param expression without inputs
   */
  static double constant(Expression expression) {
    // One box: the operators of regression and, as there are no classes, all others too.
    var anywhere =
        Inputs.of(
            Branch.REGRESSION,
            1,
            1,
            Map.of(
                Variable.I, new double[] {1},
                Variable.U, new double[] {1},
                Variable.E, new double[] {1}));
    return Evaluator.rowSums(expression, anywhere)[0];
  }
}
