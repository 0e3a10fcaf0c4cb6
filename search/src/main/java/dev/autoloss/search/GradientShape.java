package dev.autoloss.search;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.List;

/**
 * Where a loss pulls: at what is already good, at what is still bad, or between, as cross-entropy
 * and {@code 1 − i/u} do. The measure is the bad predictions' part of the gradient: of a positive
 * and a negative, with logits of ±2 (cross-entropy .88, focal .99, the sigmoid itself .5); of
 * slopes over the shift of a box, by 5 % and 50 % of its side ({@code 1 − i/u} .33, {@code 1 −
 * (i/u)³} .06, {@code −log(i/u)} .57).
 */
enum GradientShape {
  /** Good predictions are made better. */
  REFINING,
  /** Between the others. */
  EVEN,
  /** Bad predictions come first. */
  CORRECTING;

  /** Logits of a prediction that is right and of one that is wrong, for a positive. */
  private static final double CONFIDENT = 2;

  /** Shifts of a box, as a part of its side, that are small and that are large. */
  private static final double NEAR = 0.05;

  private static final double FAR = 0.5;
  private static final double STEP = 1e-3;
  private static final double SIDE = 64;

  /** The shape of a loss that passes the gates; others have some shape too. */
  static GradientShape of(Expression loss, Branch branch) {
    return branch.classification()
        ? level(classification(loss, branch), 0.75, 0.95)
        : level(regression(loss), 0.2, 0.45);
  }

  private static GradientShape level(double share, double even, double correcting) {
    if (share < even) {
      return REFINING;
    }
    return share < correcting ? EVEN : CORRECTING;
  }

  /** The wrong ones' part of the gradient, over a positive and a negative of each. */
  private static double classification(Expression loss, Branch branch) {
    double wrong = slope(loss, branch, -CONFIDENT, true) + slope(loss, branch, CONFIDENT, false);
    double right = slope(loss, branch, CONFIDENT, true) + slope(loss, branch, -CONFIDENT, false);
    return wrong / (wrong + right);
  }

  /** Of one class, and two-stage of the background beside it. */
  private static double slope(Expression loss, Branch branch, double logit, boolean positive) {
    double[] logits = branch == Branch.TWO_STAGE ? new double[] {logit, 0} : new double[] {logit};
    Sample sample = positive ? Sample.positive(0, 1, logits) : Sample.negative(logits);
    Inputs point = Sample.inputs(branch, List.of(sample));
    return Math.abs(Evaluator.evaluate(loss, point).gradient(Variable.X)[0]);
  }

  /** The far box's part of the slopes over its shift. */
  private static double regression(Expression loss) {
    double[] values =
        Evaluator.rowSums(
            loss,
            BoxPair.inputs(
                List.of(shifted(NEAR), shifted(NEAR + STEP), shifted(FAR), shifted(FAR + STEP))));
    double near = Math.abs(values[1] - values[0]);
    double far = Math.abs(values[3] - values[2]);
    return far / (near + far);
  }

  private static BoxPair shifted(double shift) {
    return new BoxPair(Box.around(shift * SIDE, 0, SIDE, SIDE), Box.around(0, 0, SIDE, SIDE));
  }
}
