package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import java.util.Optional;

/** Signs that stand inside a term and may as well stand before it. */
final class Signs {
  private Signs() {}

  /**
   * The term of the opposite sign, if a sign stands at its head: {@code (−2)·a}, {@code a/(−3)},
   * {@code (−2 − a)/b}.
   */
  static Optional<Expression> takenOff(Expression term) {
    if (!(term instanceof Binary(var operator, var left, var right))
        || (operator != BinaryOperator.MUL && operator != BinaryOperator.DIV)) {
      return Optional.empty();
    }
    return head(left)
        .map(positive -> (Expression) new Binary(operator, positive, right))
        .or(
            () ->
                operator == BinaryOperator.DIV
                        && right instanceof Constant(var value)
                        && value < 0
                        && Range.of(right).clearOfZero()
                    ? Optional.of(Nodes.div(left, Nodes.constant(-value)))
                    : Optional.empty());
  }

  private static Optional<Expression> head(Expression factor) {
    if (factor instanceof Constant(var value)) {
      return value < 0 ? Optional.of(Nodes.constant(-value)) : Optional.empty();
    }
    // A difference that starts below zero has nothing but minus signs.
    return factor instanceof Binary(var operator, var left, var right)
            && operator == BinaryOperator.SUB
        ? head(left).map(positive -> Nodes.add(positive, right))
        : takenOff(factor);
  }
}
