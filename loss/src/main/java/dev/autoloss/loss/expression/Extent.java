package dev.autoloss.loss.expression;

/**
 * How far the values of an expression reach over rows × columns. It decides what {@code Dot} and
 * {@code Softmax} sum over, so a rule must not narrow it where that would be seen.
 */
public enum Extent {
  /** One number for all. */
  SCALAR,
  /** One number a row. */
  COLUMN,
  /** One number a row and column. */
  FULL;

  /**
   * The extent of an expression's values.
   *
   * @param expression the expression
   * @return {@link #FULL} as soon as an input stands outside {@code Dot}; that of the widest
   *     operand
   */
  public static Extent of(Expression expression) {
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

  /**
   * The wider of two extents: what an operator on both reaches.
   *
   * @param other the other operand's
   * @return one of the two
   */
  public Extent with(Extent other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
