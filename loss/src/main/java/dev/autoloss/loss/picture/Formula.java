package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;

/** An expression as mathematics are written, with the symbols of the paper. */
public final class Formula {
  /** How tightly a node's text holds together, loosest first. */
  private enum Bond {
    SUM,
    SIGN,
    PRODUCT,
    ATOM
  }

  private Formula() {}

  /**
   * The formula on one line, for example {@code −log σ(x)}.
   *
   * <p>Inputs are {@code x} logit, {@code y} label, {@code w} overlap ({@code Z}; {@code Q} is
   * {@code wy}, {@code NY} is {@code 1 − y}), {@code i u e} areas; {@code erfₛ erfcₛ alfₛ gdₛ} the
   * scaled S-curves; {@code Σ} sums over classes. Sums and products are written without inner
   * brackets, so that two expressions that differ by the order of additions may look the same.
   *
   * @param expression the expression
   * @return Unicode text without line breaks
   */
  public static String infix(Expression expression) {
    return text(expression, true);
  }

  /**
   * The formula for a paper: mathematics mode of LaTeX with the amsmath package, or KaTeX; symbols
   * as in {@link #infix}.
   *
   * @param expression the expression
   * @return for example {@code -\log \sigma(x)}, ASCII on one line, without dollar signs
   */
  public static String latex(Expression expression) {
    return Latex.text(expression, true);
  }

  private static Bond bond(Expression expression) {
    return switch (expression) {
      case Input(var variable) -> variable == Variable.NY ? Bond.SUM : Bond.ATOM;
      case Constant(var value) -> Double.compare(value, 0) < 0 ? Bond.SIGN : Bond.ATOM;
      case Unary(var operator, _) -> operator == UnaryOperator.NEG ? Bond.SIGN : Bond.ATOM;
      case Binary(var operator, _, _) ->
          switch (operator) {
            case ADD, SUB -> Bond.SUM;
            case MUL, DIV -> Bond.PRODUCT;
            case DOT -> Bond.ATOM;
          };
    };
  }

  /** A node, in brackets where it holds together less tightly than its place demands. */
  private static String within(Bond least, Expression expression, boolean last) {
    return bond(expression).compareTo(least) >= 0
        ? text(expression, last)
        : "(" + text(expression, true) + ")";
  }

  /**
   * Writes a node.
   *
   * @param last whether no factor follows, so that {@code log x} needs no brackets
   */
  private static String text(Expression expression, boolean last) {
    return switch (expression) {
      case Input(var variable) -> input(variable);
      case Constant _ -> expression.toString().replace("-", "−");
      case Unary(var operator, var operand) -> unary(operator, operand, last);
      case Binary(var operator, var left, var right) -> binary(operator, left, right, last);
    };
  }

  private static String input(Variable variable) {
    return switch (variable) {
      case X -> "x";
      case Y, PY -> "y";
      case Z -> "w";
      case Q -> "wy";
      case NY -> "1 − y";
      case I -> "i";
      case U -> "u";
      case E -> "e";
    };
  }

  private static String unary(UnaryOperator operator, Expression operand, boolean last) {
    return switch (operator) {
      case NEG -> "−" + within(Bond.PRODUCT, operand, last);
      case LOG -> word("log", operand, last);
      case SIN -> word("sin", operand, last);
      case COS -> word("cos", operand, last);
      case SQRT -> call("√", operand);
      case ABS -> "|" + text(operand, true) + "|";
      case SIG -> call("σ", operand);
      case EXP -> call("exp", operand);
      case SOFTPLUS -> call("softplus", operand);
      case TANH -> call("tanh", operand);
      case RELU -> call("relu", operand);
      case SOFTMAX -> call("softmax", operand);
      case SERF -> call("erfₛ", operand);
      case SERFC -> call("erfcₛ", operand);
      case SALF -> call("alfₛ", operand);
      case SGDF -> call("gdₛ", operand);
    };
  }

  private static String call(String name, Expression operand) {
    return name + "(" + text(operand, true) + ")";
  }

  private static String word(String name, Expression operand, boolean last) {
    return last && bond(operand) == Bond.ATOM
        ? name + " " + text(operand, true)
        : call(name, operand);
  }

  private static String binary(
      BinaryOperator operator, Expression left, Expression right, boolean last) {
    return switch (operator) {
      case ADD ->
          right instanceof Unary(var sign, var operand) && sign == UnaryOperator.NEG
              ? text(left, true) + " − " + within(Bond.PRODUCT, operand, last)
              : text(left, true) + " + " + within(summand(right), right, last);
      case SUB -> text(left, true) + " − " + within(Bond.PRODUCT, right, last);
      case MUL -> product(left, right, last);
      case DIV -> within(Bond.PRODUCT, left, false) + "/" + within(Bond.ATOM, right, last);
      case DOT -> "Σ(" + product(left, right, true) + ")";
    };
  }

  /** A second summand may be a sum, but not start with a sign. */
  private static Bond summand(Expression right) {
    return startsWithSign(right) ? Bond.PRODUCT : Bond.SUM;
  }

  private static boolean startsWithSign(Expression expression) {
    return bond(expression) == Bond.SIGN
        || (expression instanceof Binary(var operator, var left, _)
            && (operator == BinaryOperator.ADD || operator == BinaryOperator.SUB)
            && startsWithSign(left));
  }

  private static String product(Expression left, Expression right, boolean last) {
    boolean quotient =
        right instanceof Binary(var operator, _, _) && operator == BinaryOperator.DIV;
    return within(Bond.PRODUCT, left, false)
        + "·"
        + within(quotient ? Bond.ATOM : Bond.PRODUCT, right, last);
  }
}
