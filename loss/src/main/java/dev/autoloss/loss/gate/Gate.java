package dev.autoloss.loss.gate;

/**
 * A property that a loss must have. All are first looked for where it is cheap, so the order in
 * which a loss's failures are found is not quite this one; the first that is found is told.
 */
public enum Gate {
  /** Values and gradients are numbers that single precision can add up. */
  FINITE("values and gradients are finite, and not huge, at every probe point"),
  /** The gradient depends on what it must depend on. */
  INPUTS("the gradient depends on the prediction and on the label or boxes"),
  /** Classification: right answers cost less. */
  MONOTONE("at full overlap a right logit lowers the loss and a wrong one raises it"),
  /** Regression: boxes farther from the ground truth cost more. */
  DISTANCE_CONSISTENT("a box farther from its ground truth costs more"),
  /** Gradient descent on predictions makes them better; judged by {@code loss.rejection}. */
  PREDICTIONS("raw predictions that are optimised under the loss classify or localise better");

  private final String description;

  Gate(String description) {
    this.description = description;
  }

  /**
   * What the gate demands, for people.
   *
   * @return a clause without a full stop
   */
  public String description() {
    return description;
  }
}
