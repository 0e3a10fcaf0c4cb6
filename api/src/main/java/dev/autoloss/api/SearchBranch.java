package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The branch of a detector whose loss is searched. */
public enum SearchBranch {
  /** The classification loss. */
  @JsonProperty("Classification")
  CLASSIFICATION,
  /** The box regression loss. */
  @JsonProperty("Regression")
  REGRESSION
}
