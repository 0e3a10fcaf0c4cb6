package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a backbone's feature maps are normalised. */
public enum Norm {
  /**
   * Batch normalisation whose statistics stay those of the weights file. Its scale and shift are
   * trained with {@link Style#PYTORCH} and stay too with {@link Style#CAFFE}, as in the published
   * recipes.
   */
  @JsonProperty("FrozenBN")
  FROZEN_BN,

  /** Batch normalisation with the statistics of each batch while training. */
  @JsonProperty("BN")
  BN,

  /** Group normalisation, for training from random weights. */
  @JsonProperty("GN")
  GN
}
