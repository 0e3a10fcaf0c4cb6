package dev.autoloss.loss.gate;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import java.util.List;

/**
 * The gates that a loss passes before it is trained. Immutable and safe to share between threads.
 *
 * <p>The paper names the properties, not the points or thresholds; those are engineering choices of
 * ours, bounded by what its own losses need to pass.
 */
public final class Gates {
  private static final Gates PUBLISHED = new Gates();

  private final List<Check> twoStage = classification(Branch.TWO_STAGE);
  private final List<Check> oneStage = classification(Branch.ONE_STAGE);
  private final List<Check> regression =
      List.of(new DistanceCheck(), new RegressionInputsCheck(), new FiniteCheck(Branch.REGRESSION));

  private final FirstLook twoStageLook = FirstLook.of(Branch.TWO_STAGE);
  private final FirstLook oneStageLook = FirstLook.of(Branch.ONE_STAGE);
  private final FirstLook regressionLook = FirstLook.of(Branch.REGRESSION);

  private Gates() {}

  /**
   * The gates with thresholds that admit every published loss.
   *
   * @return always the same
   */
  public static Gates published() {
    return PUBLISHED;
  }

  /** The check that most of the losses fail that come so far stands first, and the dearest last. */
  private static List<Check> classification(Branch branch) {
    return List.of(
        new MonotoneCheck(branch), new ClassificationInputsCheck(branch), new FiniteCheck(branch));
  }

  /**
   * An examiner with buffers of its own.
   *
   * @param branch whose losses it examines
   * @return an examiner for one thread
   */
  public Examiner examiner(Branch branch) {
    return switch (branch) {
      case TWO_STAGE -> new Examiner(branch, twoStageLook, twoStage);
      case ONE_STAGE -> new Examiner(branch, oneStageLook, oneStage);
      case REGRESSION -> new Examiner(branch, regressionLook, regression);
    };
  }

  /**
   * Judges a loss by every gate of its branch, up to the first that it fails.
   *
   * @param expression a loss of the branch
   * @param branch the branch
   * @return accepted, or the gate and a sentence that says why
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public Verdict judge(Expression expression, Branch branch) {
    return examiner(branch).judge(expression);
  }
}
