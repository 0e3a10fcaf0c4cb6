package dev.autoloss.operator.metrics;

import dev.autoloss.api.TrialCounts;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The states of trials as labels. */
final class TrialStates {
  static final Map<String, ToIntFunction<TrialCounts>> ALL =
      Map.of(
          "pending", TrialStates::pending,
          "running", TrialCounts::running,
          "scored", TrialCounts::scored,
          "diverged", TrialCounts::diverged,
          "rejected", TrialCounts::rejected,
          "lost", TrialCounts::lost,
          "skipped", TrialCounts::skipped);

  private TrialStates() {}

  /** A trial whose end is not recorded yet counts as running, so this is no negative number. */
  private static int pending(TrialCounts trials) {
    int others =
        trials.running()
            + trials.scored()
            + trials.diverged()
            + trials.rejected()
            + trials.lost()
            + trials.skipped();
    return Math.max(0, trials.proposed() - others);
  }
}
