package dev.autoloss.search;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whom losses are bred from. A pure function: of the spec, of what was sealed, and of chance that
 * the search's seed, the generation and the attempt decide; so a search that was cut off repeats
 * the same decision, and the order in which results came changes nothing.
 */
sealed interface Strategy permits Generational, Aging, RandomSearch, Vanilla {
  /** The strategy that a document names. */
  static Strategy of(StrategyKind kind) {
    return switch (kind) {
      case GENERATIONAL -> new Generational();
      case AGING -> new Aging();
      case RANDOM_SEARCH -> new RandomSearch();
      case VANILLA -> new Vanilla();
    };
  }

  /** Says whether losses pass the gates before they are trained. */
  boolean screened();

  /**
   * What a generation leaves to breed from once all its trials have ended.
   *
   * @return with a fitness, best first
   */
  List<CandidateId> survivors(SearchSpec spec, SearchState state, int generation);

  /** A child, in the space, with its parents. */
  Child child(Breeder breeder, RandomGenerator random);
}
