package dev.autoloss.loss.expression;

/** The text forms of an expression. */
public final class Printer {
  private Printer() {}

  /**
   * The stored form: {@code Op(argument,argument)} without spaces, whole constants without a point.
   *
   * @param expression the tree
   * @return text that {@code ExpressionParser} reads back to an equal tree
   */
  public static String prefix(Expression expression) {
    return append(new StringBuilder(), expression).toString();
  }

  private static StringBuilder append(StringBuilder text, Expression expression) {
    return switch (expression) {
      case Expression.Input(var variable) -> text.append(variable);
      case Expression.Constant(var value) -> text.append(number(value));
      case Expression.Unary(var operator, var operand) ->
          append(text.append(operator.symbol()).append('('), operand).append(')');
      case Expression.Binary(var operator, var left, var right) ->
          append(append(text.append(operator.symbol()).append('('), left).append(','), right)
              .append(')');
    };
  }

  private static String number(double value) {
    boolean negativeZero = value == 0 && 1 / value < 0;
    return value == Math.rint(value) && Math.abs(value) < 1e15 && !negativeZero
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
