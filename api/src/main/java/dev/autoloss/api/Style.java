package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which convolution of a ResNet's bottleneck has the stride. */
public enum Style {
  /** The 3 × 3 one, as in torchvision's weights. */
  @JsonProperty("PyTorch")
  PYTORCH,

  /** The first 1 × 1 one, as in the weights of Microsoft's original. */
  @JsonProperty("Caffe")
  CAFFE
}
