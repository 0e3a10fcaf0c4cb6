package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose detector a trained one is the same as, number by number, outside of its training. */
public enum Compatibility {
  /** The published code's, which is mmdetection 2.8: what the losses were searched with. */
  @JsonProperty("Published")
  PUBLISHED,

  /**
   * Torchvision's: anchors are rounded, regions are sampled twice a cell and not aligned, FCOS has
   * no scales and its points start at zero. A checkpoint gives the same detections there.
   */
  @JsonProperty("Torchvision")
  TORCHVISION
}
