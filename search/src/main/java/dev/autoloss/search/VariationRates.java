package dev.autoloss.search;

/**
 * How often each variation makes a child, relative to the others. The paper's rates are not
 * published: defaults are a choice of ours.
 *
 * @param crossover one-point subtree crossover
 * @param subtreeMutation replaces a subtree by a random one
 * @param nodeReplacement replaces an operator or input by another of its arity
 * @param insertion puts an operator above a subtree
 * @param shrinking replaces a subtree by one of its own
 * @param constantChange replaces a constant by another of the space
 * @param constantTuning moves constants by a step on the scale of logarithms
 */
public record VariationRates(
    double crossover,
    double subtreeMutation,
    double nodeReplacement,
    double insertion,
    double shrinking,
    double constantChange,
    double constantTuning) {
  /**
   * Checks the rates.
   *
   * @throws IllegalArgumentException if one is negative or not finite, or all are 0
   */
  public VariationRates {
    double sum =
        Numbers.rate("evolution.rates.crossover", crossover)
            + Numbers.rate("evolution.rates.subtreeMutation", subtreeMutation)
            + Numbers.rate("evolution.rates.nodeReplacement", nodeReplacement)
            + Numbers.rate("evolution.rates.insertion", insertion)
            + Numbers.rate("evolution.rates.shrinking", shrinking)
            + Numbers.rate("evolution.rates.constantChange", constantChange)
            + Numbers.rate("evolution.rates.constantTuning", constantTuning);
    if (sum <= 0) {
      throw new IllegalArgumentException("evolution.rates: expected at least one above 0");
    }
  }

  double of(Origin origin) {
    return switch (origin) {
      case CROSSOVER -> crossover;
      case SUBTREE_MUTATION -> subtreeMutation;
      case NODE_REPLACEMENT -> nodeReplacement;
      case INSERTION -> insertion;
      case SHRINKING -> shrinking;
      case CONSTANT_CHANGE -> constantChange;
      case CONSTANT_TUNING -> constantTuning;
      case BASELINE, CONTROL, INITIAL, PRIOR, CATALOGUE, RANDOM -> 0;
    };
  }
}
