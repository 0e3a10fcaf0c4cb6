package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Pyramid.Top;
import dev.autoloss.trainer.detector.Weights.Biases;
import dev.autoloss.trainer.loss.OneStageLoss.Boxes;
import dev.autoloss.trainer.loss.Reduction;

/** The detectors that predict at every point of their feature maps. */
enum OneStageKind {
  /**
   * Four distances from the point to the sides.
   *
   * @see <a href="https://arxiv.org/abs/1904.01355">Tian et al., ICCV 2019</a>
   */
  FCOS(Boxes.DISTANCES, Top.RELU_CONVOLUTIONS, Biases.FAST),

  /**
   * Four offsets from a square anchor; what is positive depends on the overlaps around the object.
   *
   * @see <a href="https://arxiv.org/abs/1912.02424">Zhang et al., CVPR 2020</a>
   */
  ATSS(Boxes.ANCHOR_OFFSETS, Top.CONVOLUTIONS, Biases.ALIKE);

  private final Boxes boxes;
  private final Top top;
  private final Biases biases;

  OneStageKind(Boxes boxes, Top top, Biases biases) {
    this.boxes = boxes;
    this.top = top;
    this.biases = biases;
  }

  /** What the head's boxes are. */
  Boxes boxes() {
    return boxes;
  }

  /** How the pyramid's further levels are made. */
  Top top() {
    return top;
  }

  /** How the biases of convolutions learn. */
  Biases biases() {
    return biases;
  }

  /** Over what a loss's divisors are averaged: as published, FCOS's stay those of a replica. */
  Reduction reduces(Reduction reduction) {
    return switch (this) {
      case FCOS -> Reduction.ALONE;
      case ATSS -> reduction;
    };
  }

  /** Pixels from a map's upper left corner to its first point. */
  int offset(int stride) {
    return switch (this) {
      case FCOS -> stride / 2;
      case ATSS -> 0;
    };
  }
}
