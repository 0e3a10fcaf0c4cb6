package dev.autoloss.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The kind of detector. */
public enum Architecture {
  /** One-stage, anchor-free, with the overlap in place of centerness. */
  @JsonProperty("FCOS")
  FCOS,

  /** One-stage, one anchor at each point, with the overlap in place of centerness. */
  @JsonProperty("ATSS")
  ATSS,

  /** Two-stage: proposals, then one box head. */
  @JsonProperty("FasterRCNN")
  FASTER_RCNN,

  /** Two-stage: proposals, then three box heads that refine one another. */
  @JsonProperty("CascadeRCNN")
  CASCADE_RCNN,

  /** Two-stage: Faster R-CNN with a mask head; the objects need masks. */
  @JsonProperty("MaskRCNN")
  MASK_RCNN
}
