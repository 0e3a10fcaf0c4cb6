package dev.autoloss.local.plan;

import dev.autoloss.api.Evolution;
import dev.autoloss.api.LossSearchSpec;
import java.util.List;

/**
 * All trainings of a search, at most: fewer if its gates leave fewer candidates than are asked for,
 * or if a rung stops some.
 *
 * @param rungs in the order in which they come
 * @param candidates candidates that are scored, over all generations
 * @param seeds most trainings that a candidate's score is a mean of
 */
public record TrialPlan(List<Rung> rungs, int candidates, int seeds) {
  /** Copies the rungs. */
  public TrialPlan {
    rungs = List.copyOf(rungs);
  }

  /**
   * The plan of a search.
   *
   * @param spec a spec with its defaults applied
   * @return its trainings
   */
  public static TrialPlan of(LossSearchSpec spec) {
    Evolution evolution = spec.evolution();
    int seeds = evolution.replicates();
    var schedule = spec.training().schedule();
    return new TrialPlan(
        List.of(
            new Rung("baseline", 1, 1, seeds, schedule),
            new Rung(
                "proxy",
                evolution.generations(),
                evolution.trained(),
                evolution.trained() * seeds,
                schedule)),
        evolution.generations() * evolution.trained(),
        seeds);
  }

  /**
   * Trainings of all rungs.
   *
   * @return at most so many
   */
  public long trainings() {
    return rungs.stream().mapToLong(Rung::all).sum();
  }
}
