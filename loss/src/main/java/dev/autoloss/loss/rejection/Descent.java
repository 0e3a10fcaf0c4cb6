package dev.autoloss.loss.rejection;

import java.util.Optional;

/**
 * What gradient descent under a loss made of predictions.
 *
 * @param before quality at the start, in [0, 1]
 * @param after quality at the end; that of the last finite predictions
 * @param steps steps that were taken
 * @param problem why the loss is rejected, a sentence for people; empty if it is accepted
 */
public record Descent(double before, double after, int steps, Optional<String> problem) {
  /**
   * The verdict.
   *
   * @return whether the predictions became good enough
   */
  public boolean accepted() {
    return problem.isEmpty();
  }
}
