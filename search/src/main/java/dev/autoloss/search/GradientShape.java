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
import java.util.stream.DoubleStream;

/** Where a loss pulls: at what is already good, at what is still bad, or at both. */
enum GradientShape {
  /** Good predictions are made better: more than half of the gradient is theirs. */
  REFINING,
  /** Between the others. */
  EVEN,
  /** Bad predictions come first: at least nine tenths of the gradient is theirs. */
  CORRECTING;

  private static final double MOST_OF_IT = 0.9;
  private static final double HALF = 0.5;

  /** Logits of a prediction that is right and of one that is wrong, for a positive. */
  private static final double CONFIDENT = 2;

  /** Shifts of a box, as a part of its side, that are small and that are large. */
  private static final double NEAR = 0.05;

  private static final double FAR = 0.5;
  private static final double STEP = 1e-3;
  private static final double SIDE = 64;

  /** The shape of a loss that passes the gates; others have some shape too. */
  static GradientShape of(Expression loss, Branch branch) {
    double share = branch.classification() ? classification(loss, branch) : regression(loss);
    if (share < HALF) {
      return REFINING;
    }
    return share < MOST_OF_IT ? EVEN : CORRECTING;
  }

  /** The wrong ones' part of the gradient, over a positive and a negative of each. */
  private static double classification(Expression loss, Branch branch) {
    double wrong = slope(loss, branch, List.of(positive(-CONFIDENT), negative(CONFIDENT)));
    double right = slope(loss, branch, List.of(positive(CONFIDENT), negative(-CONFIDENT)));
    return wrong / (wrong + right);
  }

  private static Sample positive(double logit) {
    return Sample.positive(0, 1, logit, 0, 0);
  }

  private static Sample negative(double logit) {
    return Sample.negative(logit, 0, 0);
  }

  private static double slope(Expression loss, Branch branch, List<Sample> samples) {
    Inputs points = Sample.inputs(branch, samples);
    double[] slopes = Evaluator.evaluate(loss, points).gradient(Variable.X);
    return DoubleStream.of(slopes).map(Math::abs).sum();
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
