package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a search stands. */
public enum SearchPhase {
  /** Nothing has been proposed. */
  @JsonProperty("Pending")
  PENDING,
  /** A generation is at work. */
  @JsonProperty("Running")
  RUNNING,
  /** Suspended by its owner. */
  @JsonProperty("Suspended")
  SUSPENDED,
  /** All generations are sealed. */
  @JsonProperty("Complete")
  COMPLETE,
  /** It cannot go on; the condition Failed says why. */
  @JsonProperty("Failed")
  FAILED
}
