package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Extent;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies {@link Rule}s from the leaves to the root until none has anything to do.
 *
 * <p>Wherever the original's value and gradient are finite for inputs that a detector can give, the
 * result's are the same to 1e-9 relative, unless the rounding of the original itself is larger: of
 * {@code (1 + x) − 1} the result {@code x} is the more exact one. Where the original is NaN the
 * result is, too.
 */
public final class Simplifier {
  /** Steps after which an expression is left as it stands then: {@value}. */
  public static final int MAX_STEPS = 2_000;

  private final Branch branch;
  private final int maxSteps;
  private final List<Rule> applied = new ArrayList<>();

  private Simplifier(Branch branch, int maxSteps) {
    this.branch = branch;
    this.maxSteps = maxSteps;
  }

  /**
   * Simplifies an expression.
   *
   * @param expression an expression of the branch
   * @param branch the branch
   * @return the shorter expression and the rules that led to it; the expression itself if no rule
   *     applies, or the result would be too high to be read back
   */
  public static Simplified simplify(Expression expression, Branch branch) {
    return simplify(expression, branch, MAX_STEPS);
  }

  static Simplified simplify(Expression expression, Branch branch, int maxSteps) {
    var simplifier = new Simplifier(branch, maxSteps);
    Expression result = simplifier.fixpoint(expression, simplifier.rootMayNarrow(expression));
    int highest = Math.max(expression.height(), ExpressionParser.MAX_HEIGHT);
    return result.height() > highest
        ? new Simplified(expression, List.of())
        : new Simplified(result, simplifier.applied);
  }

  /**
   * A key that expressions share which differ only by what {@link #simplify} makes equal: order of
   * operands, grouping, signs, neutral elements and constants of constants. Equal keys mean equal
   * losses; unequal ones may be equal nevertheless.
   *
   * @param expression an expression of the branch
   * @param branch the branch
   * @return the stored form of the simplified expression
   */
  public static String canonical(Expression expression, Branch branch) {
    return simplify(expression, branch).expression().toString();
  }

  /**
   * A number for all is repeated over rows and columns, so only sums over classes would be seen.
   */
  private boolean rootMayNarrow(Expression expression) {
    return branch != Branch.TWO_STAGE || Extent.of(expression) == Extent.FULL;
  }

  private Expression fixpoint(Expression start, boolean mayNarrow) {
    Expression node = start;
    while (true) {
      node = withSimplifiedOperands(node, mayNarrow);
      Optional<Expression> next = step(node, mayNarrow);
      if (next.isEmpty()) {
        return node;
      }
      node = next.get();
    }
  }

  private Optional<Expression> step(Expression node, boolean mayNarrow) {
    if (node instanceof Expression.Input || node instanceof Expression.Constant) {
      return Optional.empty();
    }
    for (Rule rule : Rule.values()) {
      if (applied.size() >= maxSteps) {
        return Optional.empty();
      }
      Optional<Expression> next = rule.apply(node);
      if (next.isPresent() && keepsExtent(node, next.get(), mayNarrow)) {
        applied.add(rule);
        return next;
      }
    }
    return Optional.empty();
  }

  private static boolean keepsExtent(Expression before, Expression after, boolean mayNarrow) {
    Extent narrowed = Extent.of(after);
    return narrowed == Extent.of(before) || (mayNarrow && narrowed == Extent.SCALAR);
  }

  private Expression withSimplifiedOperands(Expression node, boolean mayNarrow) {
    return switch (node) {
      case Expression.Input input -> input;
      case Expression.Constant constant -> constant;
      case Unary(var operator, var operand) -> {
        boolean sums = operator == UnaryOperator.SOFTMAX;
        yield new Unary(operator, fixpoint(operand, mayNarrow && !sums));
      }
      case Binary(var operator, var left, var right) -> {
        Expression first = fixpoint(left, operandMayNarrow(operator, left, right, mayNarrow));
        Expression second = fixpoint(right, operandMayNarrow(operator, right, first, mayNarrow));
        yield new Binary(operator, first, second);
      }
    };
  }

  /** An operand may become a number for all if the other one reaches as far by itself. */
  private static boolean operandMayNarrow(
      BinaryOperator operator, Expression operand, Expression other, boolean mayNarrow) {
    Extent reach = Extent.of(other);
    if (reach.compareTo(Extent.of(operand)) >= 0) {
      return true;
    }
    return mayNarrow && operator != BinaryOperator.DOT && reach == Extent.SCALAR;
  }
}
