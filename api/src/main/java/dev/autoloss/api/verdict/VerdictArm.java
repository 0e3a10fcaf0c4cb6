package dev.autoloss.api.verdict;

import dev.autoloss.api.DetectorTrainingSpec;
import java.util.List;

/**
 * A finalist or a control, with its formulas, and all its trainings.
 *
 * @param name its name in the search, for example g3-c7
 * @param training what was trained; of its seed, each score has its own
 * @param scores by rising seed, at least one
 */
public record VerdictArm(String name, DetectorTrainingSpec training, List<VerdictScore> scores) {
  /** Copies the scores. */
  public VerdictArm {
    scores = List.copyOf(scores);
  }

  /**
   * What was trained with a seed.
   *
   * @param seed seed of the training
   * @return the spec, else the same for all seeds
   */
  public DetectorTrainingSpec training(long seed) {
    return training.withSeed(seed);
  }
}
