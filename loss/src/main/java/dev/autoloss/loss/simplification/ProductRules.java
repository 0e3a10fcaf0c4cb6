package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules at products and quotients; {@link Rule} says why each is safe. */
final class ProductRules {
  /** Products of magnitudes below overflow in no grouping. */
  private static final double MODERATE = 1e150;

  private ProductRules() {}

  static Optional<Expression> mulZero(Expression node) {
    return node instanceof Binary(var operator, var left, var right)
            && operator == BinaryOperator.MUL
            && (zeroes(left, right) || zeroes(right, left))
        ? Optional.of(Nodes.constant(0))
        : Optional.empty();
  }

  private static boolean zeroes(Expression zero, Expression other) {
    return Nodes.isConstant(zero, 0) && Range.of(other).total();
  }

  static Optional<Expression> divOne(Expression node) {
    if (!(node instanceof Binary(var operator, var left, var right))
        || operator != BinaryOperator.DIV) {
      return Optional.empty();
    }
    return Nodes.isConstant(right, 1)
        ? Optional.of(left)
        : Nodes.isConstant(right, -1) ? Optional.of(Nodes.neg(left)) : Optional.empty();
  }

  static Optional<Expression> divSame(Expression node) {
    return node instanceof Binary(var operator, var left, var right)
            && operator == BinaryOperator.DIV
            && left.equals(right)
            && dividesItself(left)
        ? Optional.of(Nodes.constant(1))
        : Optional.empty();
  }

  static boolean dividesItself(Expression divisor) {
    Range range = Range.of(divisor);
    return range.total() && range.clearOfZero();
  }

  static Optional<Expression> divSigns(Expression node) {
    if (!(node instanceof Binary(var operator, var left, var right))
        || operator != BinaryOperator.DIV) {
      return Optional.empty();
    }
    if (left instanceof Unary(var sign, var operand) && sign == UnaryOperator.NEG) {
      return Optional.of(Nodes.neg(Nodes.div(operand, right)));
    }
    return right instanceof Unary(var sign, var operand)
            && sign == UnaryOperator.NEG
            && Range.of(operand).clearOfZero()
        ? Optional.of(Nodes.neg(Nodes.div(left, operand)))
        : Optional.empty();
  }

  static Optional<Expression> orderDot(Expression node) {
    if (!(node instanceof Binary(var operator, var left, var right))
        || operator != BinaryOperator.DOT) {
      return Optional.empty();
    }
    if (left instanceof Unary(var sign, var operand) && sign == UnaryOperator.NEG) {
      return Optional.of(Nodes.neg(new Binary(operator, operand, right)));
    }
    if (right instanceof Unary(var sign, var operand) && sign == UnaryOperator.NEG) {
      return Optional.of(Nodes.neg(new Binary(operator, left, operand)));
    }
    return Order.compare(left, right) > 0
        ? Optional.of(new Binary(operator, right, left))
        : Optional.empty();
  }

  static Optional<Expression> collect(Expression node) {
    if (!Nodes.is(BinaryOperator.MUL, node)) {
      return Optional.empty();
    }
    var factors = new Factors();
    factors.gather(node);
    Expression collected =
        factors.size > 2 && !factors.isModerate() ? swapped(node) : factors.rebuilt();
    return collected.equals(node) ? Optional.empty() : Optional.of(collected);
  }

  private static Expression swapped(Expression node) {
    return node instanceof Binary(var operator, var left, var right)
            && Order.compare(left, right) > 0
        ? new Binary(operator, right, left)
        : node;
  }

  /** What a chain of products multiplies. */
  private static final class Factors {
    private final List<Expression> others = new ArrayList<>();
    private double constant = 1;
    private double greatest = 1;
    private int size;

    void gather(Expression node) {
      switch (node) {
        case Binary(var operator, var left, var right) when operator == BinaryOperator.MUL -> {
          gather(left);
          gather(right);
        }
        case Unary(var operator, var operand) when operator == UnaryOperator.NEG -> {
          constant = -constant;
          gather(operand);
        }
        case Constant(var value) -> {
          constant *= value;
          greatest *= Math.max(1, Math.abs(value));
          size++;
        }
        default -> {
          others.add(node);
          size++;
        }
      }
    }

    boolean isModerate() {
      double product = greatest;
      for (Expression factor : others) {
        Range range = Range.of(factor);
        product *= Math.max(1, Math.max(-range.low(), range.high()));
      }
      return product < MODERATE;
    }

    Expression rebuilt() {
      others.sort(Order::compare);
      boolean bare = Math.abs(constant) == 1 && !others.isEmpty();
      Expression product = bare ? others.getFirst() : Nodes.constant(constant);
      for (Expression factor : others.subList(bare ? 1 : 0, others.size())) {
        product = Nodes.mul(product, factor);
      }
      return bare && constant < 0 ? Nodes.neg(product) : product;
    }
  }
}
