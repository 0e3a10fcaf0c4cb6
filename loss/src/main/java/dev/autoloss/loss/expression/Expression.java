package dev.autoloss.loss.expression;

/**
 * A loss as a tree of primitive operations, for one {@link Branch}.
 *
 * <p>Trees are values: immutable, compared by structure. The stored form is the prefix text of
 * {@link Object#toString()}, as the published code prints it, for example {@code Neg(Log(Sig(X)))}.
 */
public sealed interface Expression {

  /**
   * An input of the branch.
   *
   * @param variable which input
   */
  record Input(Variable variable) implements Expression {
    @Override
    public String toString() {
      return Printer.prefix(this);
    }
  }

  /**
   * A constant.
   *
   * @param value finite number
   */
  record Constant(double value) implements Expression {
    /**
     * Checks that the value is a number a loss can hold.
     *
     * @throws IllegalArgumentException if the value is NaN or infinite
     */
    public Constant {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a constant must be finite, not " + value);
      }
    }

    @Override
    public String toString() {
      return Printer.prefix(this);
    }
  }

  /**
   * An operator of one operand.
   *
   * @param operator which operation
   * @param operand what it is applied to
   */
  record Unary(UnaryOperator operator, Expression operand) implements Expression {
    @Override
    public String toString() {
      return Printer.prefix(this);
    }
  }

  /**
   * An operator of two operands.
   *
   * @param operator which operation
   * @param left first operand
   * @param right second operand
   */
  record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {
    @Override
    public String toString() {
      return Printer.prefix(this);
    }
  }

  /**
   * Counts the nodes of the tree, constants and inputs included.
   *
   * @return at least 1
   */
  default int size() {
    return switch (this) {
      case Input _, Constant _ -> 1;
      case Unary(var _, var operand) -> 1 + operand.size();
      case Binary(var _, var left, var right) -> 1 + left.size() + right.size();
    };
  }

  /**
   * The longest way from the root to a leaf, in edges: a single leaf has height 0.
   *
   * @return at least 0
   */
  default int height() {
    return switch (this) {
      case Input _, Constant _ -> 0;
      case Unary(var _, var operand) -> 1 + operand.height();
      case Binary(var _, var left, var right) -> 1 + Math.max(left.height(), right.height());
    };
  }
}
