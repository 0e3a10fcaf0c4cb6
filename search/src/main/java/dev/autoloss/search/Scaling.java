package dev.autoloss.search;

/**
 * Factors that a candidate is trained with. They are fixed when it is proposed and never evolved.
 *
 * @param classification weight of the classification loss
 * @param regression weight of the regression loss
 * @param learningRate factor of the schedule's learning rate
 */
public record Scaling(double classification, double regression, double learningRate) {
  /** All factors 1. */
  public static final Scaling NONE = new Scaling(1, 1, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is not finite and above 0
   */
  public Scaling {
    check("classification", classification);
    check("regression", regression);
    check("learningRate", learningRate);
  }

  private static void check(String field, double factor) {
    if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          field + ": expected a finite number above 0, found " + factor);
    }
  }

  /**
   * The weight of a branch.
   *
   * @param target the branch
   * @return its weight
   */
  public double of(Target target) {
    return switch (target) {
      case CLASSIFICATION -> classification;
      case REGRESSION -> regression;
    };
  }
}
