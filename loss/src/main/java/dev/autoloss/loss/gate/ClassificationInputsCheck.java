package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The gradient by the logits is not zero, and is another for another label. */
final class ClassificationInputsCheck implements Check {
  /** Gradients below this share of the greatest are rounding. */
  static final double ROUNDING = 1e-9;

  private final Inputs positives;
  private final Inputs negatives;

  ClassificationInputsCheck(Branch branch) {
    List<Sample> positive = new ArrayList<>();
    List<Sample> negative = new ArrayList<>();
    for (double x = -Probes.LOGITS; x <= Probes.LOGITS; x += 2) {
      positive.add(Sample.positive(0, 1, x, 1, 0));
      negative.add(Sample.negative(x, 1, 0));
    }
    this.positives = Sample.inputs(branch, positive);
    this.negatives = Sample.inputs(branch, negative);
  }

  @Override
  public Gate gate() {
    return Gate.INPUTS;
  }

  @Override
  public Optional<Supplier<String>> problem(Program loss, Registers registers, int sign) {
    return problem(gradient(loss, registers, positives), gradient(loss, registers, negatives));
  }

  private static double[] gradient(Program loss, Registers registers, Inputs inputs) {
    double[] gradient = new double[inputs.rows() * inputs.columns()];
    registers.forward(loss, inputs);
    registers.backward();
    registers.gradient(Variable.X, gradient);
    return gradient;
  }

  /** By gradients of the same logits, of positives and of negatives. */
  static Optional<Supplier<String>> problem(double[] positive, double[] negative) {
    double greatest = 0;
    double difference = 0;
    for (int i = 0; i < positive.length; i++) {
      greatest = Math.max(greatest, Math.max(Math.abs(positive[i]), Math.abs(negative[i])));
      difference = Math.max(difference, Math.abs(positive[i] - negative[i]));
    }
    if (greatest < ROUNDING) {
      return Optional.of(
          () -> "the gradient by the logits X is zero: the loss ignores the prediction");
    }
    if (difference < ROUNDING * greatest) {
      return Optional.of(
          () -> "positives and negatives have the same gradient by X: the loss ignores the label");
    }
    return Optional.empty();
  }
}
