package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The unit of the areas I, U and E that a regression loss is given. */
public enum AreaUnits {
  /** As published: square pixels, for FCOS squares of the stride. */
  @JsonProperty("Native")
  NATIVE,

  /** Each divided by the area of the box's target, so that a loss does not depend on size. */
  @JsonProperty("TargetNormalized")
  TARGET_NORMALIZED
}
