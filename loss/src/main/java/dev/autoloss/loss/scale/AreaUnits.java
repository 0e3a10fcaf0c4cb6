package dev.autoloss.loss.scale;

import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The units of the regression branch's inputs. */
public enum AreaUnits {
  /**
   * As the detector measures: squared pixels, or squared strides. The published units, in which a
   * constant of a loss means another thing for every size of image and object.
   */
  NATIVE,
  /**
   * Areas divided by that of the ground truth: the same at every resolution. A perfect box has
   * {@code I = U = E = 1}.
   */
  TARGET_NORMALIZED;

  /** The least area that is divided by: what the published code adds to union and enclosing box. */
  private static final double LEAST_AREA = 1e-7;

  /**
   * What an area is divided by.
   *
   * @param targetArea area of the ground truth in the detector's units, at least 0
   * @return 1 for native units, else the area, but at least 1e-7
   */
  public double unit(double targetArea) {
    return switch (this) {
      case NATIVE -> 1;
      case TARGET_NORMALIZED -> Math.max(targetArea, LEAST_AREA);
    };
  }

  /**
   * The inputs that a detector would give for the pairs.
   *
   * @param pairs the rows, not empty
   * @return a row a pair, in their order
   * @throws IllegalArgumentException if there is no pair
   */
  public Inputs inputs(List<BoxPair> pairs) {
    return Inputs.of(
        Branch.REGRESSION,
        pairs.size(),
        1,
        Map.of(
            Variable.I, each(pairs, BoxPair::intersection),
            Variable.U, each(pairs, BoxPair::union),
            Variable.E, each(pairs, BoxPair::enclosing)));
  }

  private double[] each(List<BoxPair> pairs, ToDoubleFunction<BoxPair> area) {
    return pairs.stream()
        .mapToDouble(pair -> area.applyAsDouble(pair) / unit(pair.truth().area()))
        .toArray();
  }
}
