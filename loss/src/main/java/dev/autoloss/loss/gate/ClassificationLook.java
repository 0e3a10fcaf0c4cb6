package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;

/** A positive and a negative along their logit, and three extremes. */
final class ClassificationLook implements FirstLook {
  private static final double[] LOGITS = {-Probes.LOGITS, -2, 0, 3, Probes.LOGITS};

  /** Twice what the whole gate bears, which sees more points and another class. */
  private static final double TOLERANCE = 2 * MonotoneCheck.TOLERANCE;

  private final Inputs inputs;

  ClassificationLook(Branch branch) {
    List<Sample> samples = new ArrayList<>();
    for (double x : LOGITS) {
      samples.add(Sample.positive(0, 1, x, 0));
    }
    for (double x : LOGITS) {
      samples.add(Sample.negative(x, 0));
    }
    samples.add(Sample.positive(0, Probes.LEAST_OVERLAP, Probes.LOGITS, -Probes.LOGITS));
    samples.add(Sample.positive(0, Probes.LEAST_OVERLAP, -Probes.LOGITS, 0));
    samples.add(Sample.positive(0, 0.5, -Probes.LOGITS, Probes.LOGITS));
    this.inputs = Sample.inputs(branch, samples);
  }

  @Override
  public Inputs inputs() {
    return inputs;
  }

  @Override
  public Seen at(Program loss, Registers registers) {
    registers.forward(loss, inputs);
    if (!FirstLook.within(registers, FiniteCheck.LARGEST)) {
      return Seen.NOT_FINITE;
    }
    double[] sums = new double[inputs.rows()];
    registers.rowSums(sums, 0);
    if (still(sums)) {
      return Seen.BLIND;
    }
    Seen direction = direction(sums);
    if (direction.failed().isPresent()) {
      return direction;
    }
    registers.backward();
    double[] gradient = new double[inputs.rows() * inputs.columns()];
    registers.gradient(Variable.X, gradient);
    if (!FirstLook.within(gradient, gradient.length, FiniteCheck.LARGEST)) {
      return Seen.NOT_FINITE;
    }
    if (blind(gradient)) {
      return Seen.BLIND;
    }
    return direction;
  }

  /** Losses do not move with the logit, or as much for a positive as for a negative. */
  private static boolean still(double[] sums) {
    double moved = 0;
    double apart = 0;
    for (int k = 1; k < LOGITS.length; k++) {
      double positive = sums[k] - sums[0];
      double negative = sums[LOGITS.length + k] - sums[LOGITS.length];
      moved = Math.max(moved, Math.max(Math.abs(positive), Math.abs(negative)));
      apart = Math.max(apart, Math.abs(positive - negative));
    }
    return moved < ClassificationInputsCheck.ROUNDING
        || apart < ClassificationInputsCheck.ROUNDING * moved;
  }

  /** Positives and negatives of the same logits have no gradient, or the same. */
  private boolean blind(double[] gradient) {
    int half = LOGITS.length * inputs.columns();
    double greatest = 0;
    double difference = 0;
    for (int i = 0; i < half; i++) {
      double negative = gradient[half + i];
      greatest = Math.max(greatest, Math.max(Math.abs(gradient[i]), Math.abs(negative)));
      difference = Math.max(difference, Math.abs(gradient[i] - negative));
    }
    return greatest < ClassificationInputsCheck.ROUNDING
        || difference < ClassificationInputsCheck.ROUNDING * greatest;
  }

  private static Seen direction(double[] sums) {
    int last = LOGITS.length - 1;
    double positive = sums[last] - sums[0];
    double negative = sums[LOGITS.length + last] - sums[LOGITS.length];
    boolean opposite = positive < 0 ? negative > 0 : positive > 0 && negative < 0;
    if (!opposite || !straight(sums, 0) || !straight(sums, LOGITS.length)) {
      return Seen.NOT_MONOTONE;
    }
    return positive < 0 ? Seen.RIGHT : Seen.INVERTED;
  }

  /** Whether movement against the direction from first to last is small. */
  private static boolean straight(double[] sums, int first) {
    double way = sums[first + LOGITS.length - 1] - sums[first];
    double against = 0;
    double least = sums[first];
    double greatest = sums[first];
    for (int k = first + 1; k < first + LOGITS.length; k++) {
      double step = sums[k] - sums[k - 1];
      against += step * way < 0 ? Math.abs(step) : 0;
      least = Math.min(least, sums[k]);
      greatest = Math.max(greatest, sums[k]);
    }
    return against <= TOLERANCE * (greatest - least);
  }
}
