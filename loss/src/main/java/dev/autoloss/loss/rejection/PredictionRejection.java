package dev.autoloss.loss.rejection;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.loss.scale.GradientScale;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges a loss by what it makes of predictions: raw logits or box codes of a small drawn problem
 * are optimised under it by plain gradient descent, and must classify or localise better in the
 * end. Where the gates look at single moves, this sees them all at once, and the length of the
 * steps.
 *
 * <p>Deterministic: the problems are drawn from fixed seeds. Immutable and safe to share between
 * threads. After the loss-rejection of AutoLoss-Zero (Li et al., CVPR 2022), which takes real
 * samples.
 */
public final class PredictionRejection {
  private final Problem problem;
  private final RejectionSettings settings;
  private final double rate;

  private PredictionRejection(Problem problem, CatalogueLoss standard, RejectionSettings settings) {
    this.problem = problem;
    this.settings = settings;
    this.rate =
        settings.step() / pull(standard.expression().orElseThrow(), problem, problem.start());
  }

  /**
   * The judge of a branch with the default settings; for regression in the pixels of a two-stage
   * detector.
   *
   * @param branch any
   * @return the judge
   */
  public static PredictionRejection of(Branch branch) {
    return branch.classification()
        ? classification(branch, RejectionSettings.classification())
        : regression(BoxCoding.DELTAS, AreaUnits.NATIVE, RejectionSettings.regression());
  }

  /**
   * The judge of classification losses.
   *
   * @param branch two-stage or one-stage
   * @param settings thresholds
   * @return the judge
   * @throws IllegalArgumentException if the branch is regression
   */
  public static PredictionRejection classification(Branch branch, RejectionSettings settings) {
    CatalogueLoss standard =
        branch == Branch.TWO_STAGE ? CatalogueLoss.CROSS_ENTROPY : CatalogueLoss.FOCAL;
    return new PredictionRejection(new LogitProblem(branch), standard, settings);
  }

  /**
   * The judge of box losses.
   *
   * @param coding how the detector writes boxes
   * @param units units of the areas that a loss gets
   * @param settings thresholds
   * @return the judge
   */
  public static PredictionRejection regression(
      BoxCoding coding, AreaUnits units, RejectionSettings settings) {
    return new PredictionRejection(new BoxProblem(coding, units), CatalogueLoss.GIOU, settings);
  }

  private static double pull(Expression loss, Problem problem, double[] predictions) {
    return GradientScale.rms(problem.gradient(loss, predictions));
  }

  /**
   * Optimises the predictions under a loss. Ends early when no step can change the verdict any
   * more: predictions that are no numbers, have exploded or stand still, and a gain that lasts.
   *
   * @param loss an expression of the branch
   * @return the verdict, with the quality before and after
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public Descent judge(Expression loss) {
    double[] predictions = problem.start();
    double before = problem.quality(predictions);
    double after = before;
    double pace = rate;
    int settled = 0;
    for (int step = 1; step <= settings.steps(); step++) {
      double[] gradient = problem.gradient(loss, predictions);
      if (step == 1 && settings.calibrated()) {
        pace = settings.step() / GradientScale.rms(gradient);
      }
      double moved = move(predictions, gradient, pace);
      Optional<String> end = end(moved, predictions, step);
      if (end.isPresent()) {
        return new Descent(before, after, step, end);
      }
      after = problem.quality(predictions);
      settled = gain(before, after) >= settings.sure() ? settled + 1 : 0;
      if (settled == settings.settled()) {
        return new Descent(before, after, step, Optional.empty());
      }
      if (moved == 0) {
        return verdict(before, after, step);
      }
    }
    return verdict(before, after, settings.steps());
  }

  /**
   * The same as the gates say it.
   *
   * @param loss an expression of the branch
   * @return accepted, or rejected at {@link Gate#PREDICTIONS} with the reason
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public Verdict verdict(Expression loss) {
    Optional<String> reason = judge(loss).problem();
    return reason.isPresent()
        ? new Verdict.Rejected(Gate.PREDICTIONS, reason.get())
        : new Verdict.Accepted();
  }

  /** The farthest step that was taken; NaN if one was no number. */
  private static double move(double[] predictions, double[] gradient, double pace) {
    double farthest = 0;
    for (int i = 0; i < predictions.length; i++) {
      double step = gradient[i] == 0 ? 0 : pace * gradient[i];
      predictions[i] -= step;
      farthest = Math.max(farthest, Math.abs(step));
    }
    return farthest;
  }

  private Optional<String> end(double moved, double[] predictions, int step) {
    if (Double.isNaN(moved)) {
      return Optional.of(
          "the gradient by the %s is NaN in step %d".formatted(problem.predictions(), step));
    }
    double farthest = 0;
    for (double prediction : predictions) {
      farthest = Math.max(farthest, Math.abs(prediction));
    }
    return farthest <= settings.farthest()
        ? Optional.empty()
        : Optional.of(
            "%s reach %.3g in step %d, expected at most %.0f"
                .formatted(problem.predictions(), farthest, step, settings.farthest()));
  }

  private static double gain(double before, double after) {
    return (after - before) / (1 - before);
  }

  private Descent verdict(double before, double after, int steps) {
    if (gain(before, after) >= settings.enough()) {
      return new Descent(before, after, steps, Optional.empty());
    }
    double expected = before + settings.enough() * (1 - before);
    return new Descent(
        before,
        after,
        steps,
        Optional.of(
            String.format(
                Locale.ROOT,
                "%s went from %.3f to %.3f in %d steps, expected at least %.3f",
                problem.measure(),
                before,
                after,
                steps,
                expected)));
  }
}
