package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the pairs that are bred from are chosen. */
public enum EvolutionStrategy {
  /** The best so far, as published. */
  @JsonProperty("Generational")
  GENERATIONAL,
  /** The best of tournaments among the youngest. */
  @JsonProperty("Aging")
  AGING,
  /** None: random losses through the same gates. */
  @JsonProperty("RandomSearch")
  RANDOM_SEARCH,
  /** The best so far, without gates before training: the published baseline. */
  @JsonProperty("Vanilla")
  VANILLA
}
