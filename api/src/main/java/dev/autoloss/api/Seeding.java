package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What generations without parents are made from. */
public enum Seeding {
  /** The initial and prior pairs and the default one. */
  @JsonProperty("Initial")
  INITIAL,
  /** These and the named losses of the catalogue, each with each. */
  @JsonProperty("Catalogue")
  CATALOGUE
}
