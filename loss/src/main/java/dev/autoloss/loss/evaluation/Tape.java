package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An expression as the list of its distinct steps, operands before their users: equal subtrees are
 * one step.
 */
final class Tape {
  /** One step; operands are indices of earlier steps. */
  sealed interface Step {
    record Load(Variable variable) implements Step {}

    record Fill(double value) implements Step {}

    record Map1(UnaryOperator operator, int operand) implements Step {}

    record Map2(BinaryOperator operator, int left, int right) implements Step {}
  }

  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Integer> known = new HashMap<>();

  private Tape() {}

  static List<Step> of(Expression expression) {
    var tape = new Tape();
    tape.record(expression);
    return List.copyOf(tape.steps);
  }

  private int record(Expression expression) {
    Step step =
        switch (expression) {
          case Expression.Input(var variable) -> new Step.Load(variable);
          case Expression.Constant(var value) -> new Step.Fill(value);
          case Expression.Unary(var operator, var operand) ->
              new Step.Map1(operator, record(operand));
          case Expression.Binary(var operator, var left, var right) ->
              new Step.Map2(operator, record(left), record(right));
        };
    return known.computeIfAbsent(
        step,
        added -> {
          steps.add(added);
          return steps.size() - 1;
        });
  }
}
