package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import dev.autoloss.api.Compatibility;
import dev.autoloss.trainer.detector.region.Points;
import dev.autoloss.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a one-stage detector.
 *
 * @param levels feature levels, finest first
 * @param channels width of the feature pyramid and the head
 * @param towerDepth convolutions before the predictions
 * @param groups of the head's normalisation
 * @param compatibility whose points, head and decoding
 * @param leastScore of a detection
 */
record OneStageLayout(
    List<Level> levels,
    int channels,
    int towerDepth,
    int groups,
    Compatibility compatibility,
    float leastScore) {
  /**
   * A feature level. For FCOS an object belongs to it if its greatest distance from the point to a
   * side lies within the limits, both included.
   *
   * @param stride pixels from point to point
   * @param least in pixels
   * @param greatest in pixels
   */
  record Level(int stride, float least, float greatest) {}

  private static final float NO_LIMIT = 1e8f;
  private static final int GROUPS = 32;

  /**
   * The layout for a backbone: the published one for ResNets; for {@link Backbone#SMALL} strides 8,
   * 16 and 32, and limits at 32 and 64 pixels, half of the published ones, as its images are small.
   */
  static OneStageLayout of(Backbone backbone, Compatibility compatibility) {
    float leastScore =
        switch (compatibility) {
          case PUBLISHED -> .05f;
          case TORCHVISION -> .2f;
        };
    return switch (backbone) {
      case SMALL ->
          new OneStageLayout(
              List.of(new Level(8, -1, 32), new Level(16, 32, 64), new Level(32, 64, NO_LIMIT)),
              64,
              2,
              GROUPS,
              compatibility,
              leastScore);
      case RESNET_18, RESNET_34, RESNET_50, RESNET_101 ->
          new OneStageLayout(
              List.of(
                  new Level(8, -1, 64),
                  new Level(16, 64, 128),
                  new Level(32, 128, 256),
                  new Level(64, 256, 512),
                  new Level(128, 512, NO_LIMIT)),
              256,
              4,
              GROUPS,
              compatibility,
              leastScore);
    };
  }

  /**
   * Where the points of maps lie, finest first; a batch is as large as the finest map times its
   * stride.
   *
   * @param maps each batch × channels × height × width
   */
  List<Points> points(OneStageKind kind, List<Tensor> maps) {
    List<Points> points = new ArrayList<>();
    long[] finest = maps.getFirst().shape();
    int unit = levels.getFirst().stride();
    for (int level = 0; level < maps.size(); level++) {
      int height = (int) maps.get(level).shape()[2];
      int width = (int) maps.get(level).shape()[3];
      int stride = levels.get(level).stride();
      points.add(
          switch (compatibility) {
            case PUBLISHED -> Points.of(height, width, stride, kind.offset(stride));
            case TORCHVISION ->
                Points.spread(height, width, (int) finest[2] * unit, (int) finest[3] * unit);
          });
    }
    return points;
  }
}
