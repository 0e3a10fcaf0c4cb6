package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The order of an image's colour channels. */
public enum ChannelOrder {
  /** Red first. */
  @JsonProperty("RGB")
  RGB,
  /** Blue first. */
  @JsonProperty("BGR")
  BGR
}
