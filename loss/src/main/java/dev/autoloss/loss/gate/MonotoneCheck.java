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
import java.util.function.Supplier;

/**
 * At overlap 1 a positive's loss falls in its own logit, and a loss rises in every wrong logit.
 *
 * <p>Not strictly: the published losses that take the overlap as a soft target turn near their
 * target (FLI rises by 2.5 % of its range), and saturate. Below overlap 1 they have their minimum
 * inside the range, so there a loss may turn once, from falling to rising.
 *
 * <p>It also has to converge: near the right answer a step of the logit changes it less than
 * elsewhere.
 */
final class MonotoneCheck implements Check {
  /** Movement against the right direction, as a share of the range. */
  static final double TOLERANCE = 0.05;

  /** Share of the logits over which a loss may stand still. */
  private static final double FLAT = 0.5;

  /** Largest change near the right answer, as a share of the largest anywhere. */
  private static final double SHRUNK = 0.5;

  private static final int STEPS = 32;

  /** Steps that are near the right answer. */
  private static final int NEAR = 4;

  /** Overlaps below 1 at which a positive's loss is looked at. */
  private static final double[] PARTIAL = {0.5, 0.8};

  /** Points along a logit; one that may turn falls first and rises then. */
  private record Series(String name, int direction, boolean turns, int first) {}

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
    for (double overlap : PARTIAL) {
      String name = "a positive's loss at overlap " + Numbers.text(overlap);
      series.add(new Series(name, -1, true, samples.size()));
      addPoints(samples, x -> Sample.positive(0, overlap, x, 0, 0));
    }
    this.inputs = Sample.inputs(branch, samples);
  }

  private void add(
      List<Sample> samples, String name, int direction, DoubleFunction<Sample> sample) {
    series.add(new Series(name, direction, false, samples.size()));
    addPoints(samples, sample);
  }

  private static void addPoints(List<Sample> samples, DoubleFunction<Sample> sample) {
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
  public Optional<Supplier<String>> problem(Program loss, Registers registers, int sign) {
    double[] values = new double[STEPS + 1];
    for (Series one : series) {
      // One after another, for most losses fall at the first.
      registers.forward(loss, inputs, one.first, STEPS + 1);
      registers.rowSums(values, 0);
      Optional<Supplier<String>> problem =
          one.turns ? turns(one, values, sign) : problem(one, values, sign);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<Supplier<String>> problem(Series series, double[] values, int sign) {
    var course = Course.along(values, sign * series.direction);
    if (course.against() > TOLERANCE * course.range()) {
      return Optional.of(
          () ->
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
          () ->
              "%s stands still over %s %% of the logits from %s to %s"
                  .formatted(
                      series.name,
                      Numbers.text(100 * course.flat()),
                      Numbers.text(-Probes.LOGITS),
                      Numbers.text(Probes.LOGITS)));
    }
    return divergence(series, values);
  }

  private static Optional<Supplier<String>> divergence(Series series, double[] values) {
    boolean last = series.direction < 0;
    double near = 0;
    double anywhere = 0;
    for (int k = 1; k < values.length; k++) {
      double change = Math.abs(values[k] - values[k - 1]);
      anywhere = Math.max(anywhere, change);
      if (last ? k > STEPS - NEAR : k <= NEAR) {
        near = Math.max(near, change);
      }
    }
    double share = 100 * near / anywhere;
    return near <= SHRUNK * anywhere
        ? Optional.empty()
        : Optional.of(
            () ->
                ("%s changes by %s %% of its largest change where the answer is right, expected at"
                        + " most %s %%")
                    .formatted(series.name, Numbers.text(share), Numbers.text(100 * SHRUNK)));
  }

  /** Rises before the minimum and falls after it. */
  private static Optional<Supplier<String>> turns(Series series, double[] values, int sign) {
    int least = 0;
    double greatest = sign * values[0];
    for (int k = 1; k < values.length; k++) {
      least = sign * values[k] < sign * values[least] ? k : least;
      greatest = Math.max(greatest, sign * values[k]);
    }
    double against = 0;
    for (int k = 1; k < values.length; k++) {
      double step = sign * (values[k] - values[k - 1]);
      against += Math.max(0, k <= least ? step : -step);
    }
    return against > TOLERANCE * (greatest - sign * values[least])
        ? Optional.of(
            () ->
                "%s has more than one minimum between the logits %s and %s"
                    .formatted(
                        series.name, Numbers.text(-Probes.LOGITS), Numbers.text(Probes.LOGITS)))
        : Optional.empty();
  }
}
