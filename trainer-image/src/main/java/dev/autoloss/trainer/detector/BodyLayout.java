package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.Detector;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Style;
import java.util.Objects;

/**
 * What a feature network is made of.
 *
 * @param backbone kind of network
 * @param style which convolution of a bottleneck has the stride
 * @param norm how maps are normalised
 * @param frozenStages stages that are not trained, the stem with the first one
 * @param width channels of a ResNet's stem
 * @param compatibility whose network it is the same as
 */
record BodyLayout(
    Backbone backbone,
    Style style,
    Norm norm,
    int frozenStages,
    int width,
    Compatibility compatibility) {
  private static final int WIDTH = 64;

  /** What a document asks for; what it leaves out depends on whether weights are there. */
  static BodyLayout of(Detector detector) {
    boolean random = detector.weights() == null;
    Norm norm = detector.norm();
    Integer frozen = detector.frozenStages();
    return new BodyLayout(
        detector.backbone(),
        detector.style(),
        norm == null ? (random ? Norm.GN : Norm.FROZEN_BN) : norm,
        frozen == null ? (random ? 0 : 1) : frozen,
        WIDTH,
        Objects.requireNonNullElse(detector.compatibility(), Compatibility.PUBLISHED));
  }

  /**
   * Whether a normalisation's scale and shift are trained. Frozen ones are in the published
   * detectors of PyTorch's style; in those of Caffe's and in torchvision's (FrozenBatchNorm2d) they
   * are constants.
   */
  boolean trainsAffine() {
    return norm != Norm.FROZEN_BN
        || (style != Style.CAFFE && compatibility != Compatibility.TORCHVISION);
  }
}
