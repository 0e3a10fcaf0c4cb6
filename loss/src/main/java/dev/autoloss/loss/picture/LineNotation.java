package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;

/** One line of Unicode. */
final class LineNotation extends Notation {
  @Override
  String minus() {
    return "−";
  }

  @Override
  Bond bond(Expression expression) {
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

  @Override
  String input(Input input) {
    return switch (input.variable()) {
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

  @Override
  String constant(Constant constant) {
    return constant.toString().replace("-", "−");
  }

  @Override
  String name(UnaryOperator function) {
    return switch (function) {
      case NEG -> minus();
      case LOG -> "log";
      case SIN -> "sin";
      case COS -> "cos";
      case SQRT -> "√";
      case ABS -> "abs";
      case SIG -> "σ";
      case EXP -> "exp";
      case SOFTPLUS -> "softplus";
      case TANH -> "tanh";
      case RELU -> "relu";
      case SOFTMAX -> "softmax";
      case SERF -> "erfₛ";
      case SERFC -> "erfcₛ";
      case SALF -> "alfₛ";
      case SGDF -> "gdₛ";
    };
  }

  @Override
  String bracketed(Expression expression) {
    return "(" + text(expression, true) + ")";
  }

  @Override
  String root(Expression operand) {
    return "√" + bracketed(operand);
  }

  @Override
  String absolute(Expression operand) {
    return "|" + text(operand, true) + "|";
  }

  @Override
  String product(Expression left, Expression right, boolean last) {
    boolean quotient =
        right instanceof Binary(var operator, _, _) && operator == BinaryOperator.DIV;
    return within(Bond.PRODUCT, left, false)
        + "·"
        + within(quotient ? Bond.ATOM : Bond.PRODUCT, right, last);
  }

  @Override
  String quotient(Expression left, Expression right, boolean last) {
    return within(Bond.PRODUCT, left, false) + "/" + within(Bond.ATOM, right, last);
  }

  @Override
  String sum(Expression left, Expression right, boolean last) {
    return "Σ(" + product(left, right, true) + ")";
  }
}
