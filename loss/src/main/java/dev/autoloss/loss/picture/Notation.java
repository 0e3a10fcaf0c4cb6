package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;

/**
 * How mathematics are written, where brackets are needed and where not; a notation has signs of its
 * own, and says which of its forms hold together by themselves.
 */
abstract class Notation {
  /** How tightly a node's text holds together, loosest first. */
  enum Bond {
    SUM,
    SIGN,
    PRODUCT,
    ATOM
  }

  /** The sign of numbers, negatives and differences. */
  abstract String minus();

  abstract Bond bond(Expression expression);

  abstract String input(Input input);

  abstract String constant(Constant constant);

  abstract String name(UnaryOperator function);

  abstract String bracketed(Expression expression);

  abstract String root(Expression operand);

  abstract String absolute(Expression operand);

  abstract String product(Expression left, Expression right, boolean last);

  abstract String quotient(Expression left, Expression right, boolean last);

  /** The product, summed over classes. */
  abstract String sum(Expression left, Expression right, boolean last);

  /**
   * Writes a node.
   *
   * @param last whether no factor follows, so that {@code log x} needs no brackets
   */
  final String text(Expression expression, boolean last) {
    return switch (expression) {
      case Input input -> input(input);
      case Constant constant -> constant(constant);
      case Unary(var operator, var operand) -> unary(operator, operand, last);
      case Binary(var operator, var left, var right) -> binary(operator, left, right, last);
    };
  }

  /** A node, in brackets where it holds together less tightly than its place demands. */
  final String within(Bond least, Expression expression, boolean last) {
    return bond(expression).compareTo(least) >= 0 ? text(expression, last) : bracketed(expression);
  }

  private String unary(UnaryOperator operator, Expression operand, boolean last) {
    return switch (operator) {
      case NEG -> minus() + within(Bond.PRODUCT, operand, last);
      case SQRT -> root(operand);
      case ABS -> absolute(operand);
      case LOG, SIN, COS ->
          last && bond(operand) == Bond.ATOM
              ? name(operator) + " " + text(operand, true)
              : call(operator, operand);
      case SIG, EXP, SOFTPLUS, TANH, RELU, SOFTMAX, SERF, SERFC, SALF, SGDF ->
          call(operator, operand);
    };
  }

  private String call(UnaryOperator function, Expression operand) {
    return name(function) + arguments(operand);
  }

  /** The operand of a function, in brackets. */
  String arguments(Expression operand) {
    return bracketed(operand);
  }

  private String binary(BinaryOperator operator, Expression left, Expression right, boolean last) {
    String minus = " " + minus() + " ";
    return switch (operator) {
      case ADD ->
          right instanceof Unary(var sign, var operand) && sign == UnaryOperator.NEG
              ? text(left, true) + minus + within(Bond.PRODUCT, operand, last)
              : text(left, true) + " + " + within(summand(right), right, last);
      case SUB -> text(left, true) + minus + within(Bond.PRODUCT, right, last);
      case MUL -> product(left, right, last);
      case DIV -> quotient(left, right, last);
      case DOT -> sum(left, right, last);
    };
  }

  /** A second summand may be a sum, but not start with a sign. */
  private Bond summand(Expression right) {
    return startsWithSign(right) ? Bond.PRODUCT : Bond.SUM;
  }

  private boolean startsWithSign(Expression expression) {
    return bond(expression) == Bond.SIGN
        || (expression instanceof Binary(var operator, var left, _)
            && (operator == BinaryOperator.ADD || operator == BinaryOperator.SUB)
            && startsWithSign(left));
  }
}
