package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Optional;

/** Values, and gradients by what is trained, are finite in single precision at every probe. */
final class FiniteCheck implements Check {
  private final Probes probes;
  private final List<Variable> trained;

  FiniteCheck(Branch branch) {
    this.probes = Probes.of(branch);
    this.trained = branch.classification() ? List.of(Variable.X) : branch.variables();
  }

  @Override
  public Gate gate() {
    return Gate.FINITE;
  }

  @Override
  public Optional<String> problem(Expression expression) {
    Evaluation evaluation = Evaluator.evaluate(expression, probes.inputs());
    Optional<String> problem = problem("the value", evaluation.value(), evaluation.columns());
    for (Variable variable : trained) {
      problem =
          problem.or(
              () ->
                  problem(
                      "the gradient by " + variable,
                      evaluation.gradient(variable),
                      probes.inputs().columns()));
    }
    return problem;
  }

  private Optional<String> problem(String what, double[] numbers, int columns) {
    for (int i = 0; i < numbers.length; i++) {
      if (!(Math.abs(numbers[i]) <= Float.MAX_VALUE)) {
        return Optional.of(
            "%s is %s for %s"
                .formatted(what, Numbers.text(numbers[i]), probes.descriptions().get(i / columns)));
      }
    }
    return Optional.empty();
  }
}
