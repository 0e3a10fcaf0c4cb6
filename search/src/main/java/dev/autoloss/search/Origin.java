package dev.autoloss.search;

/** How a candidate came to be. */
public enum Origin {
  /** The detector's default pair, which is never evolved. */
  BASELINE,
  /** Something else that a found loss has to beat, which is never evolved. */
  CONTROL,
  /** Named in the document. */
  INITIAL,
  /** Found by another search. */
  PRIOR,
  /** A pair of named losses as they are. */
  CATALOGUE,
  /** Drawn at random. */
  RANDOM,
  /** One-point crossover of subtrees of two parents. */
  CROSSOVER,
  /** A subtree replaced by a random one. */
  SUBTREE_MUTATION,
  /** An operator or input replaced by another of its arity. */
  NODE_REPLACEMENT,
  /** An operator put above a subtree. */
  INSERTION,
  /** A subtree replaced by one of its own. */
  SHRINKING,
  /** A constant changed. */
  CONSTANT_CHANGE,
  /** Constants moved by a step on the scale of logarithms. */
  CONSTANT_TUNING
}
