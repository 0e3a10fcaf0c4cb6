package dev.autoloss.search;

import dev.autoloss.loss.expression.Branch;

/**
 * What is searched, and how.
 *
 * @param seed seed of all chance
 * @param classification the detector's kind of classification loss
 * @param space losses that may be proposed
 * @param evolution how they evolve
 * @param trials what is borne of trials
 */
public record SearchSpec(
    long seed, Branch classification, SearchSpace space, Evolution evolution, Trials trials) {
  /**
   * Checks that the parts fit.
   *
   * @throws IllegalArgumentException if the branch is not one of classification
   */
  public SearchSpec {
    if (!classification.classification()) {
      throw new IllegalArgumentException("classification: expected a branch of class scores");
    }
  }

  Branch branch(Target target) {
    return switch (target) {
      case CLASSIFICATION -> classification;
      case REGRESSION -> Branch.REGRESSION;
    };
  }
}
