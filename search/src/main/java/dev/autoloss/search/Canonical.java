package dev.autoloss.search;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A text that losses of the same structure share. Sums and products are flat and in one order,
 * signs are gathered, factors of 1 are dropped, and so is what is added at the root and has no
 * input: it moves the loss and not its gradient. Losses with equal texts train alike, up to
 * rounding; those that train alike can have different texts.
 */
final class Canonical {
  private static final String ONE = "1";

  private static final Comparator<Signed> ORDER =
      Comparator.comparing(Signed::text).thenComparing(Signed::negative);

  private Canonical() {}

  /** A node without its sign; every node of a loss is visited once. */
  private record Signed(boolean negative, String text) {
    Signed times(boolean flip) {
      return new Signed(negative ^ flip, text);
    }

    @Override
    public String toString() {
      return (negative ? "-" : "+") + text;
    }
  }

  static String of(Expression loss) {
    var terms = new ArrayList<Signed>();
    terms(loss, false, true, terms);
    terms.sort(ORDER);
    return terms.toString();
  }

  private static void terms(Expression node, boolean negative, boolean root, List<Signed> terms) {
    switch (node) {
      case Unary(var operator, var operand) when operator == UnaryOperator.NEG ->
          terms(operand, !negative, root, terms);
      case Binary(var operator, var left, var right)
          when operator == BinaryOperator.ADD || operator == BinaryOperator.SUB -> {
        terms(left, negative, root, terms);
        terms(right, negative ^ operator == BinaryOperator.SUB, root, terms);
      }
      case Input _, Constant _, Unary _, Binary _ -> {
        if (!root || hasInput(node)) {
          terms.add(signed(node).times(negative));
        }
      }
    }
  }

  private static boolean hasInput(Expression node) {
    return switch (node) {
      case Input _ -> true;
      case Constant _ -> false;
      case Unary(var _, var operand) -> hasInput(operand);
      case Binary(var _, var left, var right) -> hasInput(left) || hasInput(right);
    };
  }

  private static Signed signed(Expression node) {
    return switch (node) {
      case Input(var variable) -> new Signed(false, variable.name());
      case Constant constant -> new Signed(false, constant.toString());
      case Unary(var operator, var operand) ->
          operator == UnaryOperator.NEG
              ? signed(operand).times(true)
              : new Signed(false, operator.symbol() + "(" + signed(operand) + ")");
      case Binary(var operator, var left, var right) ->
          switch (operator) {
            case ADD, SUB -> sum(node);
            case MUL -> product(node);
            case DOT -> dot(signed(left), signed(right));
            case DIV -> quotient(signed(left), signed(right));
          };
    };
  }

  /** The sign of a sum is that of its first term. */
  private static Signed sum(Expression node) {
    var terms = new ArrayList<Signed>();
    terms(node, false, false, terms);
    terms.sort(ORDER);
    boolean flip = terms.getFirst().negative();
    return new Signed(flip, terms.stream().map(term -> term.times(flip)).toList().toString());
  }

  private static Signed product(Expression node) {
    var factors = new ArrayList<String>();
    boolean negative = factors(node, factors);
    factors.removeIf(ONE::equals);
    factors.sort(Comparator.naturalOrder());
    return new Signed(negative, factors.isEmpty() ? ONE : String.join("*", factors));
  }

  private static boolean factors(Expression node, List<String> factors) {
    return switch (node) {
      case Unary(var operator, var operand) when operator == UnaryOperator.NEG ->
          !factors(operand, factors);
      case Binary(var operator, var left, var right) when operator == BinaryOperator.MUL ->
          factors(left, factors) ^ factors(right, factors);
      case Input _, Constant _, Unary _, Binary _ -> {
        Signed factor = signed(node);
        factors.add(factor.text());
        yield factor.negative();
      }
    };
  }

  private static Signed dot(Signed left, Signed right) {
    boolean ordered = left.text().compareTo(right.text()) <= 0;
    String first = ordered ? left.text() : right.text();
    String second = ordered ? right.text() : left.text();
    return new Signed(left.negative() ^ right.negative(), "Dot(" + first + "," + second + ")");
  }

  /** The divisor keeps its sign, for a tiny number is added to it. */
  private static Signed quotient(Signed left, Signed right) {
    return right.text().equals(ONE)
        ? left.times(right.negative())
        : new Signed(left.negative(), left.text() + "/(" + right + ")");
  }
}
