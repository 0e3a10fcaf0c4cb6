package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One row of the regression branch, from which its inputs follow.
 *
 * @param prediction the predicted box
 * @param truth the ground truth
 */
public record BoxPair(Box prediction, Box truth) {
  /**
   * Area of the intersection.
   *
   * @return at least 0, 0 for disjoint boxes
   */
  public double intersection() {
    double width =
        Math.min(prediction.right(), truth.right()) - Math.max(prediction.left(), truth.left());
    double height =
        Math.min(prediction.bottom(), truth.bottom()) - Math.max(prediction.top(), truth.top());
    return Math.max(width, 0) * Math.max(height, 0);
  }

  /**
   * Area of the union, plus 1e-7.
   *
   * @return above 0
   */
  public double union() {
    return prediction.area() + truth.area() - intersection() + Numerics.AREA_EPSILON;
  }

  /**
   * Area of the smallest box around both, plus 1e-7.
   *
   * @return above 0
   */
  public double enclosing() {
    var around =
        new Box(
            Math.min(prediction.left(), truth.left()),
            Math.min(prediction.top(), truth.top()),
            Math.max(prediction.right(), truth.right()),
            Math.max(prediction.bottom(), truth.bottom()));
    return around.area() + Numerics.AREA_EPSILON;
  }

  /**
   * Intersection over union.
   *
   * @return in [0, 1]
   */
  public double overlap() {
    return intersection() / union();
  }

  /**
   * The inputs that a detector would give for the pairs.
   *
   * @param pairs the rows, not empty
   * @return a row a pair, in their order
   * @throws IllegalArgumentException if there is no pair
   */
  public static Inputs inputs(List<BoxPair> pairs) {
    return Inputs.of(
        Branch.REGRESSION,
        pairs.size(),
        1,
        Map.of(
            Variable.I, each(pairs, BoxPair::intersection),
            Variable.U, each(pairs, BoxPair::union),
            Variable.E, each(pairs, BoxPair::enclosing)));
  }

  private static double[] each(List<BoxPair> pairs, ToDoubleFunction<BoxPair> area) {
    return pairs.stream().mapToDouble(area).toArray();
  }
}
