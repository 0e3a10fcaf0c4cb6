package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;

/** Short words for the nodes that rules look for and make. */
final class Nodes {
  private Nodes() {}

  static Expression constant(double value) {
    // No operator tells the zeros apart: Div adds 1e-20 first.
    return new Constant(value == 0 ? 0 : value);
  }

  static boolean isConstant(Expression expression, double value) {
    return expression instanceof Constant(var found) && found == value;
  }

  static Expression neg(Expression operand) {
    return new Unary(UnaryOperator.NEG, operand);
  }

  static boolean is(UnaryOperator wanted, Expression expression) {
    return expression instanceof Unary(var operator, var _) && operator == wanted;
  }

  static boolean is(BinaryOperator wanted, Expression expression) {
    return expression instanceof Binary(var operator, var _, var _) && operator == wanted;
  }

  static Expression add(Expression left, Expression right) {
    return new Binary(BinaryOperator.ADD, left, right);
  }

  static Expression sub(Expression left, Expression right) {
    return new Binary(BinaryOperator.SUB, left, right);
  }

  static Expression mul(Expression left, Expression right) {
    return new Binary(BinaryOperator.MUL, left, right);
  }

  static Expression div(Expression left, Expression right) {
    return new Binary(BinaryOperator.DIV, left, right);
  }
}
