package dev.autoloss.loss.expression;

import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;

/** The text forms of an expression that {@link ExpressionParser} reads back. */
public final class Printer {
  /** Whole numbers below print without a fraction. */
  private static final double PLAIN_BELOW = 1e15;

  /** How tightly the text of a node holds together, loosest first. */
  private enum Bond {
    SUM,
    PRODUCT,
    SIGNED,
    ATOM
  }

  private Printer() {}

  /**
   * The stored form: {@code Op(argument,argument)} without spaces, whole constants without a point.
   *
   * @param expression the tree
   * @return text that {@code ExpressionParser} reads back to an equal tree
   */
  public static String prefix(Expression expression) {
    return prefix(new StringBuilder(), expression).toString();
  }

  private static StringBuilder prefix(StringBuilder text, Expression expression) {
    return switch (expression) {
      case Input(var variable) -> text.append(variable);
      case Constant(var value) -> text.append(number(value));
      case Unary(var operator, var operand) ->
          prefix(text.append(operator.symbol()).append('('), operand).append(')');
      case Binary(var operator, var left, var right) ->
          prefix(prefix(text.append(operator.symbol()).append('('), left).append(','), right)
              .append(')');
    };
  }

  /**
   * The form that programmers write: {@code + - * /} between operands, a minus before one, all else
   * as in the stored form; no bracket that the tree does not need.
   *
   * <p>Every bracket that tells one tree from another is kept: {@code 1 + (X + Y)} is not {@code 1
   * + X + Y}. A negated constant is {@code -(2)}, a negative one {@code -2}.
   *
   * @param expression the tree
   * @return ASCII on one line that {@code ExpressionParser} reads back to an equal tree
   */
  public static String infix(Expression expression) {
    return infix(new StringBuilder(), expression).toString();
  }

  private static StringBuilder infix(StringBuilder text, Expression expression) {
    return switch (expression) {
      case Input(var variable) -> text.append(variable);
      case Constant(var value) -> text.append(number(value));
      case Unary(var operator, var operand) ->
          operator == UnaryOperator.NEG
              ? negated(text.append('-'), operand)
              : infix(text.append(operator.symbol()).append('('), operand).append(')');
      case Binary(var operator, var left, var right) ->
          switch (operator) {
            case ADD -> between(text, left, " + ", right, Bond.SUM);
            case SUB -> between(text, left, " - ", right, Bond.SUM);
            case MUL -> between(text, left, " * ", right, Bond.PRODUCT);
            case DIV -> between(text, left, " / ", right, Bond.PRODUCT);
            case DOT -> infix(infix(text.append("Dot("), left).append(", "), right).append(')');
          };
    };
  }

  /** A minus directly before a digit would belong to the number. */
  private static StringBuilder negated(StringBuilder text, Expression operand) {
    boolean digits = operand instanceof Constant(var value) && !isNegative(value);
    return digits ? bracketed(text, operand) : within(text, Bond.SIGNED, operand);
  }

  /** Operators of one bond are read from left to right, so the right operand binds tighter. */
  private static StringBuilder between(
      StringBuilder text, Expression left, String sign, Expression right, Bond bond) {
    within(text, bond, left).append(sign);
    return within(text, bond == Bond.SUM ? Bond.PRODUCT : Bond.SIGNED, right);
  }

  private static StringBuilder within(StringBuilder text, Bond least, Expression expression) {
    return bond(expression).compareTo(least) >= 0
        ? infix(text, expression)
        : bracketed(text, expression);
  }

  private static StringBuilder bracketed(StringBuilder text, Expression expression) {
    return infix(text.append('('), expression).append(')');
  }

  private static Bond bond(Expression expression) {
    return switch (expression) {
      case Input _ -> Bond.ATOM;
      case Constant(var value) -> isNegative(value) ? Bond.SIGNED : Bond.ATOM;
      case Unary(var operator, _) -> operator == UnaryOperator.NEG ? Bond.SIGNED : Bond.ATOM;
      case Binary(var operator, _, _) ->
          switch (operator) {
            case ADD, SUB -> Bond.SUM;
            case MUL, DIV -> Bond.PRODUCT;
            case DOT -> Bond.ATOM;
          };
    };
  }

  private static boolean isNegative(double value) {
    return Double.compare(value, 0) < 0;
  }

  private static String number(double value) {
    boolean negativeZero = value == 0 && isNegative(value);
    return value == Math.rint(value) && Math.abs(value) < PLAIN_BELOW && !negativeZero
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
