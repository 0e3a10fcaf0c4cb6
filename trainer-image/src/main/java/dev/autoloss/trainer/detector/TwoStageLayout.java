package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import java.util.List;

/**
 * The sizes of a two-stage detector.
 *
 * @param strides of the feature levels, finest first; regions read all but the last
 * @param anchorScale side of a square anchor in strides
 * @param finest √area in pixels from which on a region belongs to the first level
 * @param channels width of the feature pyramid and of the heads' convolutions
 * @param hidden width of the box head
 */
record TwoStageLayout(
    List<Integer> strides, float anchorScale, float finest, int channels, int hidden) {
  /** Levels that regions read. */
  int regionLevels() {
    return strides.size() - 1;
  }

  /**
   * The layout for a backbone: the published one for ResNets; for {@link Backbone#SMALL} anchors
   * and levels for objects of half the size, as its images are small.
   */
  static TwoStageLayout of(Backbone backbone) {
    List<Integer> strides = List.of(4, 8, 16, 32, 64);
    return switch (backbone) {
      case SMALL -> new TwoStageLayout(strides, 4, 28, 64, 256);
      case RESNET_18, RESNET_34, RESNET_50, RESNET_101 ->
          new TwoStageLayout(strides, 8, 56, 256, 1024);
    };
  }
}
