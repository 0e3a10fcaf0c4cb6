package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.detector.region.Sampling;
import java.util.List;

/**
 * The sizes of a two-stage detector.
 *
 * @param strides of the feature levels, finest first; regions read all but the last
 * @param anchorScale side of a square anchor in strides
 * @param finest √area in pixels from which on a region belongs to the first level
 * @param channels width of the feature pyramid and of the heads' convolutions
 * @param hidden width of the box head
 * @param compatibility whose anchors, samples and decoding
 */
record TwoStageLayout(
    List<Integer> strides,
    float anchorScale,
    float finest,
    int channels,
    int hidden,
    Compatibility compatibility) {
  /** Levels that regions read. */
  int regionLevels() {
    return strides.size() - 1;
  }

  /**
   * The layout for a backbone: the published one for ResNets; for {@link Backbone#SMALL} anchors
   * and levels for objects of half the size, as its images are small.
   */
  static TwoStageLayout of(Backbone backbone, Compatibility compatibility) {
    List<Integer> strides = List.of(4, 8, 16, 32, 64);
    return switch (backbone) {
      case SMALL -> new TwoStageLayout(strides, 4, 28, 64, 256, compatibility);
      case RESNET_18, RESNET_34, RESNET_50, RESNET_101 ->
          new TwoStageLayout(strides, 8, 56, 256, 1024, compatibility);
    };
  }

  /** Where regions take their samples. */
  Sampling sampling() {
    return switch (compatibility) {
      case PUBLISHED -> Sampling.ADAPTIVE;
      case TORCHVISION -> Sampling.TWO;
    };
  }

  /** The anchors of maps, finest first; a batch is as large as the finest one times its stride. */
  AnchorGrid anchors(List<Grid> grids, List<Batch.Sample> samples) {
    Grid finest = grids.getFirst();
    int height = finest.height() * finest.stride();
    int width = finest.width() * finest.stride();
    List<Points> points =
        grids.stream()
            .map(
                grid ->
                    switch (compatibility) {
                      case PUBLISHED -> Points.of(grid.height(), grid.width(), grid.stride(), 0);
                      case TORCHVISION -> Points.spread(grid.height(), grid.width(), height, width);
                    })
            .toList();
    return new AnchorGrid(this, points, samples);
  }
}
