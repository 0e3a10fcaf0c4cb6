package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The network that computes a detector's features. */
public enum Backbone {
  /**
   * About 0.7 million parameters for small images: strides 8, 16 and 32 with their own size ranges.
   */
  @JsonProperty("Small")
  SMALL,
  /** ResNet-18. */
  @JsonProperty("ResNet18")
  RESNET_18,
  /** ResNet-34. */
  @JsonProperty("ResNet34")
  RESNET_34,

  /** ResNet-50. */
  @JsonProperty("ResNet50")
  RESNET_50,

  /** ResNet-101. */
  @JsonProperty("ResNet101")
  RESNET_101
}
