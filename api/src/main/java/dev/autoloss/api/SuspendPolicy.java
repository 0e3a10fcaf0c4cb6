package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What suspending a search does to trials that run. */
public enum SuspendPolicy {
  /** Running trials end, none starts. */
  @JsonProperty("Drain")
  DRAIN,
  /** Jobs of unfinished trials are deleted; no attempt is counted. */
  @JsonProperty("Stop")
  STOP
}
