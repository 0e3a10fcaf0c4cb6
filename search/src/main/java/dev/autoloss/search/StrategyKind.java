package dev.autoloss.search;

/** The ways to choose what is bred from; see {@link Breeding}. */
public enum StrategyKind {
  /** The published one: the best of all generations so far are the parents of the next. */
  GENERATIONAL,
  /**
   * Regularised evolution (Real et al., AAAI 2019): the youngest live, whatever they scored, and
   * the best of a tournament among them is a parent.
   */
  AGING,
  /** No evolution: random trees through the same gates. */
  RANDOM_SEARCH,
  /**
   * The published baseline: as {@link #GENERATIONAL}, with no gate before training and no search
   * for losses that train alike.
   */
  VANILLA
}
