package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;
import java.util.Optional;

/** The gradient by the intersection is not zero, and that by union or enclosing box is not. */
final class RegressionInputsCheck implements Check {
  /** Changes below this share of the greatest value are rounding. */
  private static final double ROUNDING = 1e-9;

  private final Inputs inputs = Probes.of(Branch.REGRESSION).inputs();

  @Override
  public Gate gate() {
    return Gate.INPUTS;
  }

  @Override
  public Optional<String> problem(Expression expression) {
    Evaluation evaluation = Evaluator.evaluate(expression, inputs);
    if (!uses(evaluation, Variable.I)) {
      return Optional.of(
          "the gradient by the intersection I is zero: the loss can't tell a hit from a miss");
    }
    if (!uses(evaluation, Variable.U) && !uses(evaluation, Variable.E)) {
      return Optional.of(
          "the gradients by union U and enclosing box E are zero: the loss can't tell that a box is"
              + " too large");
    }
    return Optional.empty();
  }

  /** Whether a relative change of the input changes the loss. */
  private boolean uses(Evaluation evaluation, Variable variable) {
    double[] areas = inputs.of(variable);
    double[] gradient = evaluation.gradient(variable);
    double greatest = Arrays.stream(evaluation.value()).map(Math::abs).max().orElse(0);
    double limit = ROUNDING * Math.max(1, greatest);
    for (int i = 0; i < areas.length; i++) {
      if (Math.abs(areas[i] * gradient[i]) > limit) {
        return true;
      }
    }
    return false;
  }
}
