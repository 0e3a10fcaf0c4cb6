package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.Expression;
import java.util.Optional;
import java.util.function.Function;

/**
 * A step of simplification at one node, in the order in which they are tried.
 *
 * <p>Each is exact or changes the last digits only, keeps what is not a number so, and leaves no
 * more nodes than there were. "Total" means that value and gradient are finite for all inputs that
 * a detector can give; "clear of zero" that the 1e-20 which {@code Div} adds to a divisor changes
 * less than 10 digits show.
 */
// Method references to static functions hold no state.
@SuppressWarnings("ImmutableEnumChecker")
public enum Rule {
  /** An operator on constants is its value, computed as the evaluation does, if that is finite. */
  FOLD_CONSTANTS("an operator on constants is a constant", UnaryRules::fold),
  /** {@code −(−a) = a}, exactly. */
  NEG_NEG("−(−a) = a", UnaryRules::negNeg),
  /**
   * A product, a quotient or a negative constant takes the sign in: {@code −(c·a) = (−c)·a}, {@code
   * −(a − b)·c = (b − a)·c}; exact, for a sign changes no digit.
   */
  NEG_INSIDE("−(c·a) = (−c)·a and −((a − b)/c) = (b − a)/c", UnaryRules::negInside),
  /** {@code |−a| = |a|} and {@code ||a|| = |a|}, exactly, gradients at 0 too. */
  ABS_OF_SIGN("|−a| = ||a|| = |a|", UnaryRules::absOfSign),
  /** {@code |a| = a} where a is above 0; at 0 the gradients differ. */
  ABS_OF_POSITIVE("|a| = a for a > 0", UnaryRules::absOfPositive),
  /** {@code max(max(a, 0), 0) = max(a, 0)}, exactly, gradients at 0 too. */
  RELU_OF_RELU("relu(relu(a)) = relu(a)", UnaryRules::reluOfRelu),
  /** {@code max(a, 0) = a} where a is above 0; at 0 the gradients differ. */
  RELU_OF_POSITIVE("relu(a) = a for a > 0", UnaryRules::reluOfPositive),
  /** {@code max(a, 0) = 0} where a is below 0 and total: else a NaN would be lost. */
  RELU_OF_NEGATIVE("relu(a) = 0 for a < 0", UnaryRules::reluOfNegative),
  /** {@code cos(−a) = cos a}, exactly. */
  EVEN_FUNCTION("cos(−a) = cos a", UnaryRules::evenFunction),
  /** {@code sin(−a) = −sin a} and {@code tanh(−a) = −tanh a}, exactly. */
  ODD_FUNCTION("sin(−a) = −sin a, tanh(−a) = −tanh a", UnaryRules::oddFunction),
  /** {@code exp(log(a + 1e-20)) = a} where a is clear of zero, positive and below exp(88). */
  EXP_OF_LOG("exp(log a) = a for 0 < a < exp 88", UnaryRules::expOfLog),
  /** {@code log(exp(a) + 1e-20) = a} for a from −20 to 88, where neither limit shows. */
  LOG_OF_EXP("log(exp a) = a for −20 ≤ a ≤ 88", UnaryRules::logOfExp),
  /** {@code a·0 = 0} where a is total: else an infinity times 0, which is NaN, would be lost. */
  MUL_ZERO("a·0 = 0", ProductRules::mulZero),
  /** {@code a/1 = a} and {@code a/(−1) = −a}, exactly: 1 + 1e-20 is 1. */
  DIV_ONE("a/1 = a, a/(−1) = −a", ProductRules::divOne),
  /** {@code a/a = 1} where a is total and clear of zero. */
  DIV_SAME("a/a = 1", ProductRules::divSame),
  /**
   * {@code (−a)/b = −(a/b)}, exactly, and {@code a/(−b) = −(a/b)} where b is clear of zero: −b +
   * 1e-20 is not −(b + 1e-20).
   */
  DIV_SIGNS("(−a)/b = a/(−b) = −(a/b)", ProductRules::divSigns),
  /** {@code (a ± b)/a = 1 ± b/a} where a is total and clear of zero and b can not overflow. */
  DIV_TERM("(a ± b)/a = 1 ± b/a", SumRules::divTerm),
  /**
   * Factors in one order, their constants multiplied, their signs in front. Two factors swap
   * exactly; more are only regrouped where no grouping can overflow.
   */
  COLLECT_FACTORS("factors in order, their constants multiplied", ProductRules::collect),
  /** {@code Dot(a, b)} with its operands in order and their signs in front, exactly. */
  ORDER_DOT("Dot(a,b) with operands in order", ProductRules::orderDot),
  /** {@code a − a = 0} where a is total: else ∞ − ∞, which is NaN, would be lost. */
  CANCEL_TERMS("a − a = 0", SumRules::cancel),
  /**
   * Summands in one order, those with a minus last, their constants added. Two summands swap
   * exactly; more are only regrouped where none can overflow.
   */
  COLLECT_TERMS("summands in order, their constants added", SumRules::collect);

  private final String description;
  private final Function<Expression, Optional<Expression>> step;

  Rule(String description, Function<Expression, Optional<Expression>> step) {
    this.description = description;
    this.step = step;
  }

  /**
   * What the rule does, for people.
   *
   * @return a formula or a clause, without a full stop
   */
  public String description() {
    return description;
  }

  /** The node's replacement; empty where the rule has nothing to do. */
  Optional<Expression> apply(Expression node) {
    return step.apply(node);
  }
}
