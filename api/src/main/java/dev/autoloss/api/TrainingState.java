package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a training stands. */
public enum TrainingState {
  /** No attempt has started. */
  @JsonProperty("Pending")
  PENDING,
  /** An attempt is at work. */
  @JsonProperty("Running")
  RUNNING,
  /** The outcome stands. */
  @JsonProperty("Finished")
  FINISHED,
  /** The user's document or data is wrong: nothing will be tried again. */
  @JsonProperty("Failed")
  FAILED
}
