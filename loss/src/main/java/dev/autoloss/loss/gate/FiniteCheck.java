package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Values, and gradients by what is trained, are numbers at every probe, and small enough for sums
 * in single precision.
 *
 * <p>Beyond 1e15 a number comes from a pole, {@code 1/(0 + 1e-20)}, and drowns all other samples of
 * a batch. Gradients by areas may be as large as single precision holds: that of {@code log(i/u)}
 * is where boxes don't touch, and there the intersection does not pass it on.
 */
final class FiniteCheck implements Check {
  /** Points at a time, so that the registers stay in the cache. */
  private static final int BLOCK = 128;

  static final double LARGEST = 1e15;

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
  public Optional<Supplier<String>> problem(Program loss, Registers registers, int sign) {
    Inputs inputs = probes.inputs();
    Optional<Supplier<String>> problem = Optional.empty();
    for (int first = 0; first < inputs.rows() && problem.isEmpty(); first += BLOCK) {
      int rows = Math.min(BLOCK, inputs.rows() - first);
      registers.forward(loss, inputs, first, rows);
      problem = value(registers, first, rows);
      if (problem.isEmpty()) {
        registers.backward();
        problem = gradients(registers, first, rows * inputs.columns());
      }
    }
    return problem;
  }

  private Optional<Supplier<String>> value(Registers evaluated, int first, int rows) {
    int length = evaluated.length();
    int wrong = 0;
    while (wrong < length && Math.abs(evaluated.value(wrong)) <= LARGEST) {
      wrong++;
    }
    return wrong == length
        ? Optional.empty()
        : sentence("the value", evaluated.value(wrong), first + wrong / Math.max(1, length / rows));
  }

  private Optional<Supplier<String>> gradients(Registers evaluated, int first, int length) {
    double[] gradient = new double[length];
    for (Variable variable : trained) {
      evaluated.gradient(variable, gradient);
      for (int i = 0; i < length; i++) {
        if (!(Math.abs(gradient[i]) <= largestGradient)) {
          int row = first + i / probes.inputs().columns();
          return sentence("the gradient by " + variable, gradient[i], row);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Supplier<String>> sentence(String what, double number, int row) {
    return Optional.of(
        () ->
            "%s is %s for %s"
                .formatted(what, Numbers.text(number), probes.descriptions().get(row)));
  }
}
