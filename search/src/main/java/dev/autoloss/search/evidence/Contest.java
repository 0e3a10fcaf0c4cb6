package dev.autoloss.search.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The finalists of a search against its controls, all trained with fresh seeds that chose nothing.
 *
 * <p>The strongest control is the one with the highest mean over all its seeds, a collapsed seed
 * counted as it is. It is chosen by the same scores that the test uses, which can only make it look
 * stronger than it is: the error is on the safe side, and grows with the number of controls. A gain
 * over the strongest of m finalists is tested at level / m (Bonferroni), so that the chance to
 * confirm any of m losses that are no better stays below the level.
 *
 * @param finalists the best losses of the search
 * @param controls the default losses and what simple tuning makes of them
 * @param heldOut whether the scores are of images that nothing was chosen by
 * @param level chance of confirming a loss that is no better, between 0 and .5
 */
public record Contest(List<Arm> finalists, List<Arm> controls, boolean heldOut, double level) {
  /** The level of {@link Power#USUAL}. */
  public static final double USUAL_LEVEL = 0.05;

  /** Two differences that happen to be alike would look like certainty. */
  private static final int LEAST_SEEDS = 3;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the level is out of its range
   */
  public Contest {
    finalists = List.copyOf(finalists);
    controls = List.copyOf(controls);
    if (!(level > 0 && level < 0.5)) {
      throw new IllegalArgumentException("level: expected between 0 and .5, found " + level);
    }
  }

  /**
   * The control that has to be beaten.
   *
   * @return the highest mean; of equals the first; empty if none has a score
   */
  public Optional<Arm> strongestControl() {
    return controls.stream()
        .filter(arm -> !arm.scores().isEmpty())
        // Stable: min of the reversed order keeps the first of equals.
        .min(Comparator.comparingDouble((Arm arm) -> arm.sample().mean().orElseThrow()).reversed());
  }

  /**
   * All finalists that can be compared with the strongest control.
   *
   * @return the clearest gain first; of equals the greater
   */
  public List<Comparison> comparisons() {
    Optional<Arm> control = strongestControl();
    return control.isEmpty()
        ? List.of()
        : finalists.stream()
            .flatMap(arm -> Comparison.of(arm, control.get(), testLevel()).stream())
            .sorted(
                Comparator.comparingDouble(Comparison::p)
                    .thenComparing(Comparator.comparingDouble(Comparison::gain).reversed()))
            .toList();
  }

  /**
   * The level that each finalist is tested at.
   *
   * @return level / finalists
   */
  public double testLevel() {
    return level / Math.max(1, finalists.size());
  }

  /**
   * Judges.
   *
   * @return the verdict
   */
  public Verdict verdict() {
    if (finalists.stream().allMatch(arm -> arm.scores().isEmpty())) {
      return new Verdict.Unconfirmed(Verdict.Reason.NO_FINALIST, Optional.empty());
    }
    if (strongestControl().isEmpty()) {
      return new Verdict.Unconfirmed(Verdict.Reason.NO_CONTROL, Optional.empty());
    }
    List<Comparison> all = comparisons();
    Optional<Comparison> clearest = all.stream().filter(one -> one.n() >= LEAST_SEEDS).findFirst();
    if (clearest.isEmpty()) {
      return new Verdict.Unconfirmed(Verdict.Reason.TOO_FEW_SEEDS, all.stream().findFirst());
    }
    if (!heldOut) {
      return new Verdict.Unconfirmed(Verdict.Reason.NO_TEST_SPLIT, clearest);
    }
    Comparison best = clearest.get();
    return best.p() <= testLevel() ? new Verdict.Confirmed(best) : new Verdict.NotConfirmed(best);
  }
}
