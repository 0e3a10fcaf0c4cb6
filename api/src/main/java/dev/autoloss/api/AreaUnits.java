package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Units of the areas I, U and E that box losses are written in. */
public enum AreaUnits {
  /** As the detector measures: squared pixels or strides. As published. */
  @JsonProperty("Native")
  NATIVE,
  /** Divided by the area of the object, so that constants mean the same at every resolution. */
  @JsonProperty("TargetNormalized")
  TARGET_NORMALIZED
}
