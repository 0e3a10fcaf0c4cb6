package dev.autoloss.loss.expression;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.DoubleStream;

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

  /**
   * The inputs that stand in the tree.
   *
   * @return each once, in the order of {@link Variable}; empty for an expression of constants
   */
  default Set<Variable> inputs() {
    Set<Variable> inputs = EnumSet.noneOf(Variable.class);
    switch (this) {
      case Input(var variable) -> inputs.add(variable);
      case Constant _ -> {}
      case Unary(var _, var operand) -> inputs.addAll(operand.inputs());
      case Binary(var _, var left, var right) -> {
        inputs.addAll(left.inputs());
        inputs.addAll(right.inputs());
      }
    }
    return inputs;
  }

  /**
   * The constants, for a tuner to move.
   *
   * @return one number for each place where a constant stands, in the order of the stored form
   */
  default double[] constants() {
    return constantsOf(this).toArray();
  }

  private static DoubleStream constantsOf(Expression expression) {
    return switch (expression) {
      case Input _ -> DoubleStream.empty();
      case Constant(var value) -> DoubleStream.of(value);
      case Unary(var _, var operand) -> constantsOf(operand);
      case Binary(var _, var left, var right) ->
          DoubleStream.concat(constantsOf(left), constantsOf(right));
    };
  }

  /**
   * The same tree with other constants.
   *
   * @param values as many finite numbers as {@link #constants()} gives, in its order
   * @return the tree; {@code this.withConstants(this.constants())} equals this
   * @throws IllegalArgumentException if there are more or fewer numbers, or one is not finite
   */
  default Expression withConstants(double... values) {
    int count = constants().length;
    if (values.length != count) {
      throw new IllegalArgumentException(
          values.length + " constants, expected " + count + " for " + this);
    }
    return replaced(this, Arrays.stream(values).iterator());
  }

  private static Expression replaced(Expression expression, PrimitiveIterator.OfDouble values) {
    return switch (expression) {
      case Input input -> input;
      case Constant _ -> new Constant(values.nextDouble());
      case Unary(var operator, var operand) -> new Unary(operator, replaced(operand, values));
      case Binary(var operator, var left, var right) -> {
        Expression first = replaced(left, values);
        yield new Binary(operator, first, replaced(right, values));
      }
    };
  }
}
