package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kind of detector. */
public enum Architecture {
  /** One-stage, anchor-free, with the overlap in place of centerness. */
  @JsonProperty("FCOS")
  FCOS,

  /** One-stage, one anchor at each point, with the overlap in place of centerness. */
  @JsonProperty("ATSS")
  ATSS
}
