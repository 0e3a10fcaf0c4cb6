package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.Optional;
import java.util.function.Supplier;

/** The gradient by the intersection is not zero, and that by union or enclosing box is not. */
final class RegressionInputsCheck implements Check {
  /** Changes below this share of the greatest value are rounding. */
  private static final double ROUNDING = 1e-9;

  private final Inputs inputs;

  RegressionInputsCheck() {
    this(Probes.of(Branch.REGRESSION).inputs());
  }

  RegressionInputsCheck(Inputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public Gate gate() {
    return Gate.INPUTS;
  }

  @Override
  public Optional<Supplier<String>> problem(Program loss, Registers registers, int sign) {
    registers.forward(loss, inputs);
    registers.backward();
    return blind(registers);
  }

  /** After both passes over the inputs. */
  Optional<Supplier<String>> blind(Registers evaluated) {
    double[] gradient = new double[inputs.rows()];
    if (!uses(evaluated, Variable.I, gradient)) {
      return Optional.of(
          () ->
              "the gradient by the intersection I is zero: the loss can't tell a hit from a miss");
    }
    if (!uses(evaluated, Variable.U, gradient) && !uses(evaluated, Variable.E, gradient)) {
      return Optional.of(
          () ->
              "the gradients by union U and enclosing box E are zero: the loss can't tell that a box is"
                  + " too large");
    }
    return Optional.empty();
  }

  /** Whether a relative change of the input changes the loss. */
  private boolean uses(Registers evaluated, Variable variable, double[] gradient) {
    evaluated.gradient(variable, gradient);
    double greatest = 0;
    for (int i = 0; i < evaluated.length(); i++) {
      greatest = Math.max(greatest, Math.abs(evaluated.value(i)));
    }
    double limit = ROUNDING * Math.max(1, greatest);
    for (int i = 0; i < gradient.length; i++) {
      if (Math.abs(inputs.at(variable, i) * gradient[i]) > limit) {
        return true;
      }
    }
    return false;
  }
}
