package dev.autoloss.search;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The losses that may be proposed.
 *
 * @param branches branches that are searched; the others keep the detector's default
 * @param unary operators of one operand
 * @param binary operators of two operands
 * @param constants constants of an expression
 * @param maxNodes most nodes of an expression
 * @param maxHeight most edges from its root to a leaf
 */
public record SearchSpace(
    Set<Target> branches,
    Set<UnaryOperator> unary,
    Set<BinaryOperator> binary,
    List<Double> constants,
    int maxNodes,
    int maxHeight) {
  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException if no branch, no operator or no constant is given, or a limit
   *     is too small, or larger than what {@link ExpressionParser} reads back
   */
  public SearchSpace {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("space.branches: expected at least one");
    }
    if (unary.isEmpty() && binary.isEmpty()) {
      throw new IllegalArgumentException("space.operators: expected at least one");
    }
    if (constants.isEmpty()) {
      throw new IllegalArgumentException("space.constants: expected at least one");
    }
    Numbers.between("space.maxNodes", maxNodes, 3, ExpressionParser.MAX_SIZE);
    Numbers.between("space.maxHeight", maxHeight, 2, ExpressionParser.MAX_HEIGHT);
    branches = Collections.unmodifiableSet(EnumSet.copyOf(branches));
    unary = Collections.unmodifiableSet(copy(unary, UnaryOperator.class));
    binary = Collections.unmodifiableSet(copy(binary, BinaryOperator.class));
    constants = List.copyOf(constants);
  }

  private static <T extends Enum<T>> EnumSet<T> copy(Set<T> operators, Class<T> kind) {
    var copy = EnumSet.noneOf(kind);
    copy.addAll(operators);
    return copy;
  }

  /** Says whether a loss keeps to the limits and operators; its constants are free. */
  boolean admits(Expression loss) {
    return loss.size() <= maxNodes && loss.height() <= maxHeight && spelledIn(loss);
  }

  private boolean spelledIn(Expression loss) {
    return switch (loss) {
      case Input _, Constant _ -> true;
      case Unary(var operator, var operand) -> unary.contains(operator) && spelledIn(operand);
      case Binary(var operator, var left, var right) ->
          binary.contains(operator) && spelledIn(left) && spelledIn(right);
    };
  }
}
