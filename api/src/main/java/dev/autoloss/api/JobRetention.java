package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which Jobs of recorded trials are kept. */
public enum JobRetention {
  /** None. */
  @JsonProperty("Nothing")
  NOTHING,
  /** Those of trials without a score. */
  @JsonProperty("Failed")
  FAILED,
  /** All. */
  @JsonProperty("All")
  ALL
}
