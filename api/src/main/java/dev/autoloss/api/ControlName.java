package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What anybody could have tried without a search, and what a found loss therefore has to beat
 * beside the default pair.
 */
public enum ControlName {
  /** The default pair, both losses with weight 0.5. */
  @JsonProperty("HalfLossWeights")
  HALF_LOSS_WEIGHTS,
  /** The default pair, both losses with weight 2. */
  @JsonProperty("DoubleLossWeights")
  DOUBLE_LOSS_WEIGHTS,
  /** The default pair, the box loss with weight 0.5. */
  @JsonProperty("HalfBoxWeight")
  HALF_BOX_WEIGHT,
  /** The default pair, the box loss with weight 2. */
  @JsonProperty("DoubleBoxWeight")
  DOUBLE_BOX_WEIGHT,
  /** The default pair, the classification loss with weight 1.84, as large as CSE-Autoloss-A's. */
  @JsonProperty("ScaledClassification")
  SCALED_CLASSIFICATION,
  /** The default pair at half the learning rate. */
  @JsonProperty("HalfLearningRate")
  HALF_LEARNING_RATE,
  /** The default pair at twice the learning rate. */
  @JsonProperty("DoubleLearningRate")
  DOUBLE_LEARNING_RATE,
  /** The IoU-aware classification loss of the branch, CEI or FLI, with GIoU. */
  @JsonProperty("IouAware")
  IOU_AWARE,
  /** The pair that was published for detectors of this kind: CSE-Autoloss-A or B. */
  @JsonProperty("CsePair")
  CSE_PAIR
}
