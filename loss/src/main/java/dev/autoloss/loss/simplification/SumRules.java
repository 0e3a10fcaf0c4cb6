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

/** Rules at sums; {@link Rule} says why each is safe. */
final class SumRules {
  private SumRules() {}

  static Optional<Expression> cancel(Expression node) {
    if (!isSum(node)) {
      return Optional.empty();
    }
    var terms = new Terms(false);
    terms.gather(node, true);
    boolean found = false;
    for (Expression term : List.copyOf(terms.plus)) {
      if (terms.minus.contains(term) && Range.of(term).total() && terms.isModerate()) {
        terms.plus.remove(term);
        terms.minus.remove(term);
        found = true;
      }
    }
    return found ? Optional.of(terms.rebuilt()) : Optional.empty();
  }

  static Optional<Expression> collect(Expression node) {
    if (!isSum(node)) {
      return Optional.empty();
    }
    Expression collected = collected(node, true);
    // Signs taken off every term would need one before the sum.
    if (collected.size() > node.size()) {
      collected = collected(node, false);
    }
    return collected.equals(node) ? Optional.empty() : Optional.of(collected);
  }

  private static Expression collected(Expression node, boolean takesSignsOff) {
    var terms = new Terms(takesSignsOff);
    terms.gather(node, true);
    boolean asIs = !Double.isFinite(terms.constant) || (terms.size > 2 && !terms.isModerate());
    return asIs ? swapped(node) : terms.rebuilt();
  }

  static Optional<Expression> divTerm(Expression node) {
    if (!(node instanceof Binary(var operator, var sum, var divisor))
        || operator != BinaryOperator.DIV
        || !(isSum(sum) && ProductRules.dividesItself(divisor))) {
      return Optional.empty();
    }
    var terms = new Terms(false);
    terms.gather(sum, true);
    if (!terms.isModerate()) {
      return Optional.empty();
    }
    Expression one = Nodes.constant(1);
    if (terms.plus.remove(divisor)) {
      return Optional.of(Nodes.add(one, Nodes.div(terms.rebuilt(), divisor)));
    }
    return terms.minus.remove(divisor)
        ? Optional.of(Nodes.sub(Nodes.div(terms.rebuilt(), divisor), one))
        : Optional.empty();
  }

  private static boolean isSum(Expression node) {
    return switch (node) {
      case Expression.Input _, Constant _ -> false;
      case Unary(var operator, var operand) ->
          operator == UnaryOperator.NEG && (operand instanceof Binary && isSum(operand));
      case Binary(var operator, var _, var _) ->
          operator == BinaryOperator.ADD || operator == BinaryOperator.SUB;
    };
  }

  private static Expression swapped(Expression node) {
    return node instanceof Binary(var operator, var left, var right)
            && operator == BinaryOperator.ADD
            && Order.compare(left, right) > 0
        ? Nodes.add(right, left)
        : node;
  }

  /** What a chain of sums, differences and signs adds up. */
  private static final class Terms {
    private final List<Expression> plus = new ArrayList<>();
    private final List<Expression> minus = new ArrayList<>();
    private final boolean takesSignsOff;
    private double constant;
    private int size;

    Terms(boolean takesSignsOff) {
      this.takesSignsOff = takesSignsOff;
    }

    void gather(Expression node, boolean positive) {
      switch (node) {
        case Binary(var operator, var left, var right)
            when operator == BinaryOperator.ADD || operator == BinaryOperator.SUB -> {
          gather(left, positive);
          gather(right, positive == (operator == BinaryOperator.ADD));
        }
        case Unary(var operator, var operand) when operator == UnaryOperator.NEG ->
            gather(operand, !positive);
        case Constant(var value) -> {
          constant += positive ? value : -value;
          size++;
        }
        default -> {
          Optional<Expression> opposite = takesSignsOff ? Signs.takenOff(node) : Optional.empty();
          (positive == opposite.isEmpty() ? plus : minus).add(opposite.orElse(node));
          size++;
        }
      }
    }

    boolean isModerate() {
      return Double.isFinite(constant)
          && Range.of(Nodes.constant(constant)).isModerate()
          && plus.stream().allMatch(term -> Range.of(term).isModerate())
          && minus.stream().allMatch(term -> Range.of(term).isModerate());
    }

    Expression rebuilt() {
      plus.sort(Order::compare);
      minus.sort(Order::compare);
      List<Expression> added = new ArrayList<>(plus);
      List<Expression> taken = new ArrayList<>(minus);
      if (constant > 0 || (added.isEmpty() && (constant != 0 || taken.isEmpty()))) {
        added.addFirst(Nodes.constant(constant));
      } else if (constant < 0) {
        taken.addLast(Nodes.constant(-constant));
      }
      if (added.isEmpty()) {
        return withSign(taken);
      }
      Expression sum = added.getFirst();
      for (Expression term : added.subList(1, added.size())) {
        sum = Nodes.add(sum, term);
      }
      for (Expression term : taken) {
        sum = Nodes.sub(sum, term);
      }
      return sum;
    }

    private static Expression withSign(List<Expression> taken) {
      Expression sum = taken.getFirst();
      for (Expression term : taken.subList(1, taken.size())) {
        sum = Nodes.add(sum, term);
      }
      return Nodes.neg(sum);
    }
  }
}
