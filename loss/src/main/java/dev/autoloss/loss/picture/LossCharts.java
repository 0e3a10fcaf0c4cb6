package dev.autoloss.loss.picture;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/** A loss's value and gradient as curves. */
final class LossCharts {
  static final int STEPS = 128;
  private static final double LOGITS = 8;
  private static final double[] OVERLAPS = {0.3, 0.6, 0.9, 1};

  /** Side of the ground truth in pixels. */
  private static final double SIDE = 64;

  private static final double GREATEST_SHIFT = 96;

  /** The distance over which a regression loss's slope is measured, in steps' units. */
  private static final double NEARBY = 1e-5;

  private static final String[] COLOURS = {"#65a30d", "#0891b2", "#2563eb", "#f97316", "#dc2626"};

  private LossCharts() {}

  /** Rows of charts: values above, gradients below. */
  static List<List<Chart>> of(Expression expression, Branch branch) {
    return branch.classification()
        ? classification(expression, branch)
        : List.of(regression(expression, false), regression(expression, true));
  }

  private static List<List<Chart>> classification(Expression expression, Branch branch) {
    List<Curve> values = new ArrayList<>();
    List<Curve> gradients = new ArrayList<>();
    for (int k = 0; k <= OVERLAPS.length; k++) {
      boolean negative = k == OVERLAPS.length;
      double overlap = negative ? 1 : OVERLAPS[k];
      List<Sample> samples = new ArrayList<>();
      for (int step = 0; step <= STEPS; step++) {
        double[] logits = logits(branch, LOGITS * (2.0 * step / STEPS - 1));
        samples.add(negative ? Sample.negative(logits) : Sample.positive(0, overlap, logits));
      }
      String name = negative ? "negative" : "IoU " + (overlap == 1 ? "1" : overlap);
      Inputs inputs = Sample.inputs(branch, samples);
      values.add(curve(name, k, Evaluator.rowSums(expression, inputs)));
      double[] slopes = Evaluator.evaluate(expression, inputs).gradient(Variable.X);
      gradients.add(curve(name, k, everyNth(slopes, inputs.columns())));
    }
    List<String> ticks = List.of("−8", "−4", "0", "4", "8");
    return List.of(
        List.of(new Chart("loss", "logit", ticks, values)),
        List.of(new Chart("gradient by the logit", "logit", ticks, gradients)));
  }

  /** The class's own logit; in two-stage beside a background of 0. */
  private static double[] logits(Branch branch, double logit) {
    return branch == Branch.TWO_STAGE ? new double[] {logit, 0} : new double[] {logit};
  }

  private static double[] everyNth(double[] values, int columns) {
    double[] first = new double[values.length / columns];
    for (int row = 0; row < first.length; row++) {
      first[row] = values[row * columns];
    }
    return first;
  }

  private static List<Chart> regression(Expression expression, boolean slope) {
    DoubleFunction<Box> shift = t -> Box.around(GREATEST_SHIFT * t, 0, SIDE, SIDE);
    DoubleFunction<Box> scale = t -> Box.around(0, 0, SIDE * factor(t), SIDE * factor(t));
    DoubleFunction<Box> aspect = t -> Box.around(0, 0, SIDE * factor(t), SIDE / factor(t));
    List<String> factors = List.of("1/2", "1", "2");
    List<String> pixels = List.of("0", "32", "64", "96");
    String perPixel = slope ? "gradient per pixel" : "loss of a 64 px box";
    String perDoubling = slope ? "gradient per doubling" : "loss of a 64 px box";
    return List.of(
        chart(perPixel, "shift, px", pixels, curve(expression, shift, slope, 2, GREATEST_SHIFT)),
        chart(perDoubling, "scale", factors, curve(expression, scale, slope, 0, 2)),
        chart(perDoubling, "aspect, equal area", factors, curve(expression, aspect, slope, 3, 2)));
  }

  private static Chart chart(String title, String axis, List<String> ticks, Curve curve) {
    return new Chart(title, axis, ticks, List.of(curve));
  }

  private static double factor(double t) {
    return Math.pow(2, 2 * t - 1);
  }

  /** The loss, or its slope by {@code range · t}, for t from 0 to 1. */
  private static Curve curve(
      Expression expression, DoubleFunction<Box> box, boolean slope, int colour, double range) {
    double[] values = losses(expression, box, 0);
    if (slope) {
      // To the right of each step, at the last to its left: a kink is a jump, not a mean.
      double[] after = losses(expression, box, NEARBY);
      double last = (values[STEPS] - losses(expression, box, -NEARBY)[STEPS]) / NEARBY / range;
      for (int k = 0; k < STEPS; k++) {
        values[k] = (after[k] - values[k]) / NEARBY / range;
      }
      values[STEPS] = last;
    }
    return curve("", colour, values);
  }

  private static double[] losses(Expression expression, DoubleFunction<Box> box, double offset) {
    Box truth = Box.around(0, 0, SIDE, SIDE);
    List<BoxPair> pairs = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      pairs.add(new BoxPair(box.apply((double) step / STEPS + offset), truth));
    }
    return Evaluator.rowSums(expression, BoxPair.inputs(pairs));
  }

  private static Curve curve(String name, int colour, double[] values) {
    return new Curve(name, COLOURS[colour], colour == 4, Arrays.stream(values).boxed().toList());
  }
}
