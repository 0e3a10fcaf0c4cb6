package dev.autoloss.loss.simplification;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.Optional;

/** Rules at constants and functions; {@link Rule} says why each is safe. */
final class UnaryRules {
  private static final double GREATEST_EXP = 1e38;
  private static final double LEAST_LOG_OF_EXP = -20;
  private static final double GREATEST_LOG_OF_EXP = 88;

  private UnaryRules() {}

  static Optional<Expression> fold(Expression node) {
    boolean constants =
        switch (node) {
          case Expression.Input _ -> false;
          case Constant _ -> false;
          // The evaluation computes a logarithm of Softmax in one step, which folding would part.
          case Unary(var operator, var operand) ->
              operator != UnaryOperator.SOFTMAX && operand instanceof Constant;
          case Binary(var _, var left, var right) ->
              left instanceof Constant && right instanceof Constant;
        };
    if (!constants) {
      return Optional.empty();
    }
    double value = Range.constant(node);
    return Double.isFinite(value) ? Optional.of(Nodes.constant(value)) : Optional.empty();
  }

  static Optional<Expression> negNeg(Expression node) {
    return node instanceof Unary(var outer, Unary(var inner, var operand))
            && outer == UnaryOperator.NEG
            && inner == UnaryOperator.NEG
        ? Optional.of(operand)
        : Optional.empty();
  }

  static Optional<Expression> negInside(Expression node) {
    return node instanceof Unary(var outer, Binary inner) && outer == UnaryOperator.NEG
        ? negated(inner)
        : Optional.empty();
  }

  /** A product or quotient of the opposite sign with no more nodes, if there is one. */
  private static Optional<Expression> negated(Binary node) {
    return switch (node.operator()) {
      case ADD, SUB -> Optional.empty();
      case MUL, DOT ->
          opposite(node.left())
              .<Expression>map(left -> new Binary(node.operator(), left, node.right()))
              .or(
                  () ->
                      opposite(node.right()).map(r -> new Binary(node.operator(), node.left(), r)));
      case DIV ->
          opposite(node.left())
              .<Expression>map(left -> new Binary(node.operator(), left, node.right()))
              .or(
                  () ->
                      node.right() instanceof Constant && Range.of(node.right()).clearOfZero()
                          ? opposite(node.right()).map(r -> Nodes.div(node.left(), r))
                          : Optional.empty());
    };
  }

  private static Optional<Expression> opposite(Expression factor) {
    if (factor instanceof Constant(var value)) {
      return Optional.of(Nodes.constant(-value));
    }
    return factor instanceof Binary binary
        ? binary.operator() == BinaryOperator.SUB
            ? Optional.of(Nodes.sub(binary.right(), binary.left()))
            : negated(binary)
        : Optional.empty();
  }

  static Optional<Expression> absOfSign(Expression node) {
    return node instanceof Unary(var outer, Unary(var inner, var operand))
            && outer == UnaryOperator.ABS
            && (inner == UnaryOperator.NEG || inner == UnaryOperator.ABS)
        ? Optional.of(new Unary(UnaryOperator.ABS, operand))
        : Optional.empty();
  }

  static Optional<Expression> absOfPositive(Expression node) {
    return operandOf(UnaryOperator.ABS, node).filter(operand -> Range.of(operand).low() > 0);
  }

  static Optional<Expression> reluOfRelu(Expression node) {
    return operandOf(UnaryOperator.RELU, node)
        .filter(operand -> Nodes.is(UnaryOperator.RELU, operand));
  }

  static Optional<Expression> reluOfPositive(Expression node) {
    return operandOf(UnaryOperator.RELU, node).filter(operand -> Range.of(operand).low() > 0);
  }

  static Optional<Expression> reluOfNegative(Expression node) {
    return operandOf(UnaryOperator.RELU, node)
        .map(Range::of)
        .filter(range -> range.high() < 0 && range.total())
        .map(_ -> Nodes.constant(0));
  }

  static Optional<Expression> evenFunction(Expression node) {
    return operandOf(UnaryOperator.COS, node)
        .flatMap(operand -> operandOf(UnaryOperator.NEG, operand))
        .map(inner -> new Unary(UnaryOperator.COS, inner));
  }

  static Optional<Expression> oddFunction(Expression node) {
    return node instanceof Unary(var operator, var operand)
            && (operator == UnaryOperator.SIN || operator == UnaryOperator.TANH)
        ? operandOf(UnaryOperator.NEG, operand).map(x -> Nodes.neg(new Unary(operator, x)))
        : Optional.empty();
  }

  static Optional<Expression> expOfLog(Expression node) {
    return operandOf(UnaryOperator.EXP, node)
        .flatMap(operand -> operandOf(UnaryOperator.LOG, operand))
        .filter(
            inner -> {
              Range range = Range.of(inner);
              return range.low() > 0 && range.clearOfZero() && range.high() < GREATEST_EXP;
            });
  }

  static Optional<Expression> logOfExp(Expression node) {
    return operandOf(UnaryOperator.LOG, node)
        .flatMap(operand -> operandOf(UnaryOperator.EXP, operand))
        .filter(
            inner -> {
              Range range = Range.of(inner);
              return range.low() >= LEAST_LOG_OF_EXP && range.high() <= GREATEST_LOG_OF_EXP;
            });
  }

  private static Optional<Expression> operandOf(UnaryOperator wanted, Expression node) {
    return node instanceof Unary(var operator, var operand) && operator == wanted
        ? Optional.of(operand)
        : Optional.empty();
  }
}
