package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;

/** The order of operands where order does not matter: constants, inputs, functions, operations. */
final class Order {
  private Order() {}

  static int compare(Expression one, Expression other) {
    int kinds = Integer.compare(kind(one), kind(other));
    return kinds == 0 ? compareAlike(one, other) : kinds;
  }

  private static int kind(Expression expression) {
    return switch (expression) {
      case Constant _ -> 0;
      case Input _ -> 1;
      case Unary _ -> 2;
      case Binary _ -> 3;
    };
  }

  private static int compareAlike(Expression one, Expression other) {
    return switch (one) {
      case Constant(var a) -> other instanceof Constant(var b) ? Double.compare(a, b) : 0;
      case Input(var a) -> other instanceof Input(var b) ? a.compareTo(b) : 0;
      case Unary a -> other instanceof Unary b ? compare(a, b) : 0;
      case Binary a -> other instanceof Binary b ? compare(a, b) : 0;
    };
  }

  private static int compare(Unary one, Unary other) {
    int operators = one.operator().compareTo(other.operator());
    return operators == 0 ? compare(one.operand(), other.operand()) : operators;
  }

  private static int compare(Binary one, Binary other) {
    int operators = one.operator().compareTo(other.operator());
    int left = operators == 0 ? compare(one.left(), other.left()) : operators;
    return left == 0 ? compare(one.right(), other.right()) : left;
  }
}
