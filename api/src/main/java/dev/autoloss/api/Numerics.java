package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a loss expression is computed. */
public enum Numerics {
  /** As published, with ε inside of logarithms: gradients vanish where a sigmoid saturates. */
  @JsonProperty("Exact")
  EXACT,

  /**
   * Logarithms of sigmoid and softmax as one operation, without ε: equal where the exact form is
   * not saturated, and with a gradient everywhere.
   */
  @JsonProperty("Stable")
  STABLE
}
