package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a training. */
public enum Outcome {
  /** It ended with metrics. */
  @JsonProperty("Scored")
  SCORED,
  /** The loss or a weight left the finite numbers, or the divergence guard stopped it. */
  @JsonProperty("Diverged")
  DIVERGED,
  /** It ended below the accepted AP. */
  @JsonProperty("Rejected")
  REJECTED,
  /** No attempt brought a result. */
  @JsonProperty("Lost")
  LOST
}
