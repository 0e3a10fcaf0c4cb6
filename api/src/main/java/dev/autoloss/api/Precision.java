package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The numbers that a training computes with. */
public enum Precision {
  /** Single precision throughout. */
  @JsonProperty("Float32")
  FLOAT_32,

  /**
   * Convolutions and linear maps in bfloat16; weights, their gradients, normalisations and losses
   * in single precision.
   */
  @JsonProperty("BFloat16")
  BFLOAT_16
}
