package dev.autoloss.loss.scale;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * How hard a loss pulls: the root mean square of its gradient at a frozen batch of predictions, and
 * the weight with which it pulls as hard as another. Without it a part of what makes a loss better
 * is a larger step: at a box that is shifted by a tenth of its side, CSE-Autoloss-B's box loss
 * pulls 2.5 times as hard as GIoU, and A's 2 times.
 *
 * <p>The batch is drawn once from a fixed seed: predictions of a detector in the middle of its
 * training. The gradient is that by the detector's own outputs, logits or box codes. The same on
 * every machine; immutable and safe to share between threads.
 */
public final class GradientScale {
  private static final long SEED = 5_772_156_649L;
  private static final int ROWS = 256;
  private static final int CLASSES = 8;
  private static final double LEAD = 2;
  private static final int BOXES = 256;
  private static final double MISS = 0.1;

  private final Function<Expression, double[]> gradient;

  private GradientScale(Function<Expression, double[]> gradient) {
    this.gradient = gradient;
  }

  /**
   * The scale of classification losses.
   *
   * @param branch two-stage or one-stage
   * @return the scale by logits
   * @throws IllegalArgumentException if the branch is regression
   */
  public static GradientScale classification(Branch branch) {
    DrawnSamples samples = DrawnSamples.draw(branch, ROWS, CLASSES, LEAD, SEED);
    return new GradientScale(loss -> samples.gradient(loss, samples.start()));
  }

  /**
   * The scale of box losses.
   *
   * @param coding how the detector writes boxes
   * @param units units of the areas that the loss gets
   * @return the scale by the codes of boxes
   */
  public static GradientScale regression(BoxCoding coding, AreaUnits units) {
    DrawnBoxes boxes = DrawnBoxes.draw(coding, units, BOXES, MISS, SEED);
    return new GradientScale(loss -> boxes.gradient(loss, boxes.start()));
  }

  /**
   * How hard a loss pulls.
   *
   * @param loss an expression of the branch
   * @return root mean square of the gradient over all outputs of the batch, at least 0; NaN or
   *     infinite where the loss's gradient is
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public double rms(Expression loss) {
    return rms(gradient.apply(loss));
  }

  /**
   * Root mean square.
   *
   * @param numbers not empty
   * @return at least 0; NaN or infinite if a number is
   */
  public static double rms(double... numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number * number;
    }
    return Math.sqrt(sum / numbers.length);
  }

  /**
   * The weight with which a candidate pulls as hard as the standard loss does with weight 1.
   *
   * @param candidate an expression of the branch
   * @param standard another, mostly the detector's default
   * @return above 0; empty if no finite weight does, since a gradient is zero or no number
   * @throws IllegalArgumentException if an expression uses an input of another branch
   */
  public OptionalDouble weight(Expression candidate, Expression standard) {
    double weight = rms(standard) / rms(candidate);
    return weight > 0 && Double.isFinite(weight)
        ? OptionalDouble.of(weight)
        : OptionalDouble.empty();
  }
}
