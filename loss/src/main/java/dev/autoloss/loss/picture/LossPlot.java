package dev.autoloss.loss.picture;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The shape of a loss as a picture. */
public final class LossPlot {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final int STEPS = 64;
  private static final double LOGITS = 8;
  private static final double GREATEST_SHIFT = 1.5;

  /** Side of the ground truth in pixels, and of the same box in strides of 8. */
  private static final double PIXELS = 64;

  private static final double STRIDES = 8;

  /** Read on white and on black. */
  private static final String BLUE = "#3b82f6";

  private static final String CYAN = "#0ea5a4";
  private static final String GREEN = "#65a30d";
  private static final String ORANGE = "#f97316";
  private static final String RED = "#ef4444";

  private LossPlot() {}

  /**
   * Draws a loss.
   *
   * <p>Classification: over the logit of one class, the others 0, for a positive at overlaps 0.3,
   * 0.6, 0.9 and 1 and for a negative. Regression: left over the shift of the predicted box as a
   * share of its width, right over a factor of its size and of its aspect at the same area, for a
   * ground truth of 64 × 64 (solid, pixels) and 8 × 8 (dashed, strides). Where the loss is not
   * finite the line has a gap.
   *
   * @param expression a loss of the branch
   * @param branch the branch
   * @return an {@code <svg>} element of 320 × 180 that needs nothing else; text takes the colour of
   *     its surroundings
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public static String svg(Expression expression, Branch branch) {
    var svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" role=\"img\" font-family=\"system-ui,sans-serif\""
                + " font-size=\"9\" fill=\"currentColor\"><title>%s</title>",
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT,
            expression));
    if (branch.classification()) {
      drawClassification(svg, expression, branch);
    } else {
      drawRegression(svg, expression);
    }
    return svg.append("</svg>").toString();
  }

  private static void drawClassification(StringBuilder svg, Expression expression, Branch branch) {
    List<Curve> curves =
        List.of(
            positive(expression, branch, 0.3, GREEN),
            positive(expression, branch, 0.6, CYAN),
            positive(expression, branch, 0.9, BLUE),
            positive(expression, branch, 1, ORANGE),
            curve("negative", RED, true, t -> sample(expression, branch, negative(branch, t))));
    var panel = new Panel(36, 276, "logit", List.of("−8", "−4", "0", "4", "8"));
    panel.draw(svg, curves, Range.of(curves));
    legend(svg, curves);
  }

  private static Curve positive(
      Expression expression, Branch branch, double overlap, String colour) {
    return curve(
        overlap == 1 ? "IoU 1" : "IoU " + overlap,
        colour,
        false,
        t -> sample(expression, branch, Sample.positive(0, overlap, logits(branch, t))));
  }

  private static Sample negative(Branch branch, double t) {
    return Sample.negative(logits(branch, t));
  }

  private static double[] logits(Branch branch, double t) {
    double logit = LOGITS * (2 * t - 1);
    return branch == Branch.TWO_STAGE ? new double[] {logit, 0} : new double[] {logit};
  }

  private static double sample(Expression expression, Branch branch, Sample sample) {
    return Evaluator.rowSums(expression, Sample.inputs(branch, List.of(sample)))[0];
  }

  private static void drawRegression(StringBuilder svg, Expression expression) {
    List<Curve> shifts =
        List.of(shift(expression, PIXELS, false), shift(expression, STRIDES, true));
    List<Curve> sizes =
        List.of(
            size(expression, PIXELS, false),
            aspect(expression, PIXELS, false),
            size(expression, STRIDES, true),
            aspect(expression, STRIDES, true));
    Range range = Range.of(Stream.concat(shifts.stream(), sizes.stream()).toList());
    new Panel(36, 120, "shift ÷ width", List.of("0", "0.5", "1", "1.5")).draw(svg, shifts, range);
    new Panel(192, 120, "factor", List.of("0.5", "1", "2")).draw(svg, sizes, range);
    legend(svg, List.of(shifts.get(0), sizes.get(0), sizes.get(1), shifts.get(1)));
  }

  private static Curve shift(Expression expression, double side, boolean dashed) {
    return curve(
        dashed ? "8 × 8" : "shift",
        BLUE,
        dashed,
        t -> pair(expression, side, Box.around(GREATEST_SHIFT * t * side, 0, side, side)));
  }

  private static Curve size(Expression expression, double side, boolean dashed) {
    return curve(
        "size",
        GREEN,
        dashed,
        t -> pair(expression, side, Box.around(0, 0, side * factor(t), side * factor(t))));
  }

  private static Curve aspect(Expression expression, double side, boolean dashed) {
    return curve(
        "aspect",
        ORANGE,
        dashed,
        t -> pair(expression, side, Box.around(0, 0, side * factor(t), side / factor(t))));
  }

  private static double factor(double t) {
    return Math.pow(2, 2 * t - 1);
  }

  private static double pair(Expression expression, double side, Box prediction) {
    var pair = new BoxPair(prediction, Box.around(0, 0, side, side));
    return Evaluator.rowSums(expression, BoxPair.inputs(List.of(pair)))[0];
  }

  private static Curve curve(String name, String colour, boolean dashed, DoubleUnaryOperator loss) {
    List<Double> values =
        IntStream.rangeClosed(0, STEPS)
            .mapToObj(k -> loss.applyAsDouble((double) k / STEPS))
            .toList();
    return new Curve(name, colour, dashed, values);
  }

  private static void legend(StringBuilder svg, List<Curve> curves) {
    double x = 36;
    for (Curve curve : curves) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f 10h12\" stroke=\"%s\" stroke-width=\"2\"%s/>",
              x,
              curve.colour(),
              curve.dashed() ? " stroke-dasharray=\"4 3\"" : ""));
      Panel.text(svg, x + 15, 13, "start", curve.name());
      x += 276.0 / curves.size();
    }
  }
}
