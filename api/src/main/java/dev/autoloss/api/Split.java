package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of the data set. */
public enum Split {
  /** The images that are trained on. */
  @JsonProperty("Train")
  TRAIN,
  /** The images that fitness is measured on. */
  @JsonProperty("Validation")
  VALIDATION,
  /** The images that only a verdict is measured on. */
  @JsonProperty("Test")
  TEST
}
