package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Optional;

/**
 * Values, and gradients by what is trained, are numbers at every probe, and small enough for sums
 * in single precision.
 *
 * <p>Beyond 1e15 a number comes from a pole, {@code 1/(0 + 1e-20)}, and drowns all other samples of
 * a batch. Gradients by areas may be as large as single precision holds: that of {@code log(i/u)}
 * is where boxes don't touch, and there the intersection does not pass it on.
 */
final class FiniteCheck implements Check {
  private static final double LARGEST = 1e15;

  private final Probes probes;
  private final List<Variable> trained;
  private final double largestGradient;

  FiniteCheck(Branch branch) {
    this.probes = Probes.of(branch);
    this.trained = branch.classification() ? List.of(Variable.X) : branch.variables();
    this.largestGradient = branch.classification() ? LARGEST : Float.MAX_VALUE;
  }

  @Override
  public Gate gate() {
    return Gate.FINITE;
  }

  @Override
  public Optional<String> problem(Expression expression) {
    Evaluation evaluation = Evaluator.evaluate(expression, probes.inputs());
    Optional<String> problem =
        problem("the value", evaluation.value(), evaluation.columns(), LARGEST);
    for (Variable variable : trained) {
      problem =
          problem.or(
              () ->
                  problem(
                      "the gradient by " + variable,
                      evaluation.gradient(variable),
                      probes.inputs().columns(),
                      largestGradient));
    }
    return problem;
  }

  private Optional<String> problem(String what, double[] numbers, int columns, double largest) {
    for (int i = 0; i < numbers.length; i++) {
      if (!(Math.abs(numbers[i]) <= largest)) {
        return Optional.of(
            "%s is %s for %s"
                .formatted(what, Numbers.text(numbers[i]), probes.descriptions().get(i / columns)));
      }
    }
    return Optional.empty();
  }
}
