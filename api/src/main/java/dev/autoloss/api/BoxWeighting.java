package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the overlap weights the boxes of a regression loss. */
public enum BoxWeighting {
  /** Each box by its own overlap: sum(w·L)/sum(w). */
  @JsonProperty("Intended")
  INTENDED,
  /** As the published code computes it for searched losses: the mean of L, unweighted. */
  @JsonProperty("Released")
  RELEASED
}
