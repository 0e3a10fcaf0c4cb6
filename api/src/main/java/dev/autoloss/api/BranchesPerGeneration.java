package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of the searched branches a generation varies. */
public enum BranchesPerGeneration {
  /** All of them. */
  @JsonProperty("Joint")
  JOINT,
  /** One, in turn. */
  @JsonProperty("Alternating")
  ALTERNATING
}
