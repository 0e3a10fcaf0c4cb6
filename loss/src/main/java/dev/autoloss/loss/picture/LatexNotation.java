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

/** LaTeX. Fractions and roots hold their operands without brackets. */
final class LatexNotation extends Notation {
  @Override
  String minus() {
    return "-";
  }

  @Override
  Bond bond(Expression expression) {
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
            case MUL, DOT -> Bond.PRODUCT;
            case DIV -> Bond.ATOM;
          };
    };
  }

  @Override
  String input(Input input) {
    return switch (input.variable()) {
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

  @Override
  String constant(Constant constant) {
    String digits = Printer.prefix(constant);
    int exponent = digits.indexOf('E');
    return exponent < 0
        ? digits
        : "%s \\cdot 10^{%s}"
            .formatted(digits.substring(0, exponent), digits.substring(exponent + 1));
  }

  @Override
  String name(UnaryOperator function) {
    return switch (function) {
      case NEG -> minus();
      case LOG -> "\\log";
      case SIN -> "\\sin";
      case COS -> "\\cos";
      case EXP -> "\\exp";
      case TANH -> "\\tanh";
      case SQRT -> "\\sqrt";
      case SIG -> "\\sigma";
      case ABS -> "\\operatorname{abs}";
      case SOFTPLUS -> "\\operatorname{softplus}";
      case RELU -> "\\operatorname{relu}";
      case SOFTMAX -> "\\operatorname{softmax}";
      case SERF -> "\\operatorname{erf}_s";
      case SERFC -> "\\operatorname{erfc}_s";
      case SALF -> "\\operatorname{alf}_s";
      case SGDF -> "\\operatorname{gd}_s";
    };
  }

  @Override
  String root(Expression operand) {
    return "\\sqrt{" + text(operand, true) + "}";
  }

  @Override
  String absolute(Expression operand) {
    return "\\left|" + text(operand, true) + "\\right|";
  }

  @Override
  String bracketed(Expression expression) {
    return "\\left(" + text(expression, true) + "\\right)";
  }

  @Override
  String arguments(Expression operand) {
    return isTall(operand) ? bracketed(operand) : "(" + text(operand, true) + ")";
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

  @Override
  String product(Expression left, Expression right, boolean last) {
    // A sum over classes would take in what follows it.
    boolean sums = left instanceof Binary(var operator, _, _) && operator == BinaryOperator.DOT;
    String first = sums ? bracketed(left) : within(Bond.PRODUCT, left, false);
    boolean digits = startsWithDigit(right);
    return first + (digits ? " \\cdot " : " \\, ") + within(Bond.PRODUCT, right, last);
  }

  /** Two numbers side by side would read as one. */
  private boolean startsWithDigit(Expression expression) {
    return switch (expression) {
      case Constant _ -> bond(expression) != Bond.SIGN;
      case Binary(var operator, var left, _) ->
          operator == BinaryOperator.MUL && startsWithDigit(left);
      case Input _, Unary _ -> false;
    };
  }

  @Override
  String quotient(Expression left, Expression right, boolean last) {
    return "\\frac{" + text(left, true) + "}{" + text(right, true) + "}";
  }

  @Override
  String sum(Expression left, Expression right, boolean last) {
    return "\\sum_c " + product(left, right, last);
  }
}
