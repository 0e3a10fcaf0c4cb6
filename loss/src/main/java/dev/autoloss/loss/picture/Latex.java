package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;

/** An expression in LaTeX. Fractions and roots hold their operands without brackets. */
final class Latex {
  /** How tightly a node's text holds together, loosest first. */
  private enum Bond {
    SUM,
    SIGN,
    PRODUCT,
    ATOM
  }

  private Latex() {}

  private static Bond bond(Expression expression) {
    return switch (expression) {
      case Input(var variable) ->
          variable == Variable.NY ? Bond.SUM : variable == Variable.Q ? Bond.PRODUCT : Bond.ATOM;
      case Constant(var value) ->
          Double.compare(value, 0) < 0
              ? Bond.SIGN
              : Printer.prefix(expression).contains("E") ? Bond.PRODUCT : Bond.ATOM;
      case Unary(var operator, _) -> operator == UnaryOperator.NEG ? Bond.SIGN : Bond.ATOM;
      case Binary(var operator, _, _) ->
          switch (operator) {
            case ADD, SUB -> Bond.SUM;
            case MUL -> Bond.PRODUCT;
            case DIV -> Bond.ATOM;
            case DOT -> Bond.PRODUCT;
          };
    };
  }

  private static String within(Bond least, Expression expression, boolean last) {
    return bond(expression).compareTo(least) >= 0 ? text(expression, last) : bracketed(expression);
  }

  private static String bracketed(Expression expression) {
    return "\\left(" + text(expression, true) + "\\right)";
  }

  /**
   * Writes a node.
   *
   * @param last whether no factor follows, so that {@code \log x} needs no brackets
   */
  static String text(Expression expression, boolean last) {
    return switch (expression) {
      case Input(var variable) -> input(variable);
      case Constant _ -> number(Printer.prefix(expression));
      case Unary(var operator, var operand) -> unary(operator, operand, last);
      case Binary(var operator, var left, var right) -> binary(operator, left, right, last);
    };
  }

  private static String input(Variable variable) {
    return switch (variable) {
      case X -> "x";
      case Y, PY -> "y";
      case Z -> "w";
      case Q -> "w y";
      case NY -> "1 - y";
      case I -> "i";
      case U -> "u";
      case E -> "e";
    };
  }

  private static String number(String digits) {
    int exponent = digits.indexOf('E');
    return exponent < 0
        ? digits
        : "%s \\cdot 10^{%s}"
            .formatted(digits.substring(0, exponent), digits.substring(exponent + 1));
  }

  private static String unary(UnaryOperator operator, Expression operand, boolean last) {
    return switch (operator) {
      case NEG -> "-" + within(Bond.PRODUCT, operand, last);
      case LOG -> word("\\log", operand, last);
      case SIN -> word("\\sin", operand, last);
      case COS -> word("\\cos", operand, last);
      case EXP -> call("\\exp", operand);
      case TANH -> call("\\tanh", operand);
      case SQRT -> "\\sqrt{" + text(operand, true) + "}";
      case ABS -> "\\left|" + text(operand, true) + "\\right|";
      case SIG -> call("\\sigma", operand);
      case SOFTPLUS -> call("\\operatorname{softplus}", operand);
      case RELU -> call("\\operatorname{relu}", operand);
      case SOFTMAX -> call("\\operatorname{softmax}", operand);
      case SERF -> call("\\operatorname{erf}_s", operand);
      case SERFC -> call("\\operatorname{erfc}_s", operand);
      case SALF -> call("\\operatorname{alf}_s", operand);
      case SGDF -> call("\\operatorname{gd}_s", operand);
    };
  }

  private static String call(String name, Expression operand) {
    return isTall(operand) ? name + bracketed(operand) : name + "(" + text(operand, true) + ")";
  }

  /** Whether the text is higher than a line, so that its brackets must grow. */
  private static boolean isTall(Expression expression) {
    return switch (expression) {
      case Input _, Constant _ -> false;
      case Unary(var operator, var operand) -> operator == UnaryOperator.SQRT || isTall(operand);
      case Binary(var operator, var left, var right) ->
          operator == BinaryOperator.DIV
              || operator == BinaryOperator.DOT
              || isTall(left)
              || isTall(right);
    };
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
              ? text(left, true) + " - " + within(Bond.PRODUCT, operand, last)
              : text(left, true) + " + " + within(summand(right), right, last);
      case SUB -> text(left, true) + " - " + within(Bond.PRODUCT, right, last);
      case MUL -> product(left, right, last);
      case DIV -> "\\frac{" + text(left, true) + "}{" + text(right, true) + "}";
      case DOT -> "\\sum_c " + product(left, right, last);
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
    // A sum over classes would take in what follows it.
    boolean sums = left instanceof Binary(var operator, _, _) && operator == BinaryOperator.DOT;
    String first = sums ? bracketed(left) : within(Bond.PRODUCT, left, false);
    boolean digits = startsWithDigit(right);
    return first + (digits ? " \\cdot " : " \\, ") + within(Bond.PRODUCT, right, last);
  }

  /** Two numbers side by side would read as one. */
  private static boolean startsWithDigit(Expression expression) {
    return switch (expression) {
      case Constant _ -> bond(expression) != Bond.SIGN;
      case Binary(var operator, var left, _) ->
          operator == BinaryOperator.MUL && startsWithDigit(left);
      case Input _, Unary _ -> false;
    };
  }
}
