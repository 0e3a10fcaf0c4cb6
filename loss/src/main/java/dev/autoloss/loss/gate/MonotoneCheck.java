package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * At overlap 1 a positive's loss falls in its own logit, and a loss rises in every wrong logit.
 *
 * <p>Not strictly: the published losses that take the overlap as a soft target turn near their
 * target (FLI rises by 2.5 % of its range), and saturate. Below overlap 1 they have their minimum
 * inside the range, so nothing is asked there.
 */
final class MonotoneCheck implements Check {
  /** Movement against the right direction, as a share of the range. */
  private static final double TOLERANCE = 0.05;

  /** Share of the logits over which a loss may stand still. */
  private static final double FLAT = 0.5;

  private static final int STEPS = 32;

  private record Series(String name, int direction, int first) {}

  private final List<Series> series = new ArrayList<>();
  private final Inputs inputs;

  MonotoneCheck(Branch branch) {
    List<Sample> samples = new ArrayList<>();
    add(samples, "a positive's loss", -1, x -> Sample.positive(0, 1, x, 0, 0));
    add(samples, "a positive's loss", -1, x -> Sample.positive(0, 1, x, 2, -2));
    add(samples, "a negative's loss", 1, x -> Sample.negative(x, 0, 0));
    add(samples, "a negative's loss", 1, x -> Sample.negative(x, -2, 2));
    if (branch == Branch.TWO_STAGE) {
      String other = "a positive's loss by the logit of a wrong class";
      add(samples, other, 1, x -> Sample.positive(0, 1, 0, x, 0));
      add(samples, other, 1, x -> Sample.positive(0, 1, 2, x, -2));
      add(samples, "the background's loss", -1, x -> Sample.negative(0, 0, x));
    }
    this.inputs = Sample.inputs(branch, samples);
  }

  private void add(
      List<Sample> samples, String name, int direction, DoubleFunction<Sample> sample) {
    series.add(new Series(name, direction, samples.size()));
    for (int k = 0; k <= STEPS; k++) {
      samples.add(sample.apply(logit(k)));
    }
  }

  private static double logit(int k) {
    return Probes.LOGITS * (2.0 * k / STEPS - 1);
  }

  @Override
  public Gate gate() {
    return Gate.MONOTONE;
  }

  @Override
  public Optional<String> problem(Program loss, Registers registers, int sign) {
    double[] values = new double[STEPS + 1];
    for (Series one : series) {
      // One after another, for most losses fall at the first.
      registers.forward(loss, inputs, one.first, STEPS + 1);
      registers.rowSums(values, 0);
      Optional<String> problem = problem(one, values, sign);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(Series series, double[] values, int sign) {
    var course = Course.along(values, sign * series.direction);
    if (course.against() > TOLERANCE * course.range()) {
      return Optional.of(
          "%s %s from logit %s to %s (%s → %s)"
              .formatted(
                  series.name,
                  sign * series.direction < 0 ? "rises" : "falls",
                  Numbers.text(logit(course.from())),
                  Numbers.text(logit(course.to())),
                  Numbers.text(values[course.from()]),
                  Numbers.text(values[course.to()])));
    }
    if (course.flat() > FLAT) {
      return Optional.of(
          "%s stands still over %s %% of the logits from %s to %s"
              .formatted(
                  series.name,
                  Numbers.text(100 * course.flat()),
                  Numbers.text(-Probes.LOGITS),
                  Numbers.text(Probes.LOGITS)));
    }
    return Optional.empty();
  }
}
