package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;

/**
 * How far the values of an expression reach over rows × columns. It decides what {@code Dot} and
 * {@code Softmax} sum over, so a rule must not narrow it where that would be seen.
 */
enum Extent {
  /** One number for all. */
  SCALAR,
  /** One number a row. */
  COLUMN,
  /** One number a row and column. */
  FULL;

  static Extent of(Expression expression) {
    return switch (expression) {
      case Expression.Input _ -> FULL;
      case Expression.Constant _ -> SCALAR;
      case Expression.Unary(var _, var operand) -> of(operand);
      case Expression.Binary(var operator, var left, var right) -> {
        Extent wide = of(left).with(of(right));
        yield operator == BinaryOperator.DOT && wide == FULL ? COLUMN : wide;
      }
    };
  }

  Extent with(Extent other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
