package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.loss.FcosLoss.Prediction;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of FCOS, shared by all levels: two towers, of which the box tower also carries the
 * centerness. Distances are {@code max(scale · raw, 0)} in units of the stride, with a trained
 * scale for each level.
 */
final class FcosHead {
  private static final String CLASSES = "head.classification_head.";
  private static final String BOXES = "head.regression_head.";
  private static final Start NARROW = new Start.Normal(0.01);

  /** All scores start at 0.01. */
  private static final double SCORE_BIAS = -Math.log(99);

  /**
   * All distances start at one stride. The published code, which starts from trained features, has
   * 0: but a box without area gives losses of areas no gradient, and from random weights the first
   * epochs are lost to that.
   */
  private static final double DISTANCE_BIAS = 1;

  private final Torch torch;
  private final Layer classTower;
  private final Layer boxTower;
  private final Layer logits;
  private final Layer distances;
  private final Layer centerness;
  private final List<Layer> scales = new ArrayList<>();

  /**
   * Makes a head.
   *
   * @param groups of the towers' normalisation
   */
  FcosHead(Weights weights, FcosLayout layout, int classes, int groups) {
    torch = weights.torch();
    classTower = tower(weights, CLASSES, layout, groups);
    boxTower = tower(weights, BOXES, layout, groups);
    int width = layout.channels();
    logits =
        weights.convolution(
            CLASSES + "cls_logits", new Window(width, classes, 3, 1), NARROW, SCORE_BIAS);
    distances =
        weights.convolution(BOXES + "bbox_reg", new Window(width, 4, 3, 1), NARROW, DISTANCE_BIAS);
    centerness = weights.convolution(BOXES + "bbox_ctrness", new Window(width, 1, 3, 1), NARROW, 0);
    for (int level = 0; level < layout.levels().size(); level++) {
      scales.add(weights.scale("head.scales." + level + ".scale"));
    }
  }

  private static Layer tower(Weights weights, String name, FcosLayout layout, int groups) {
    int width = layout.channels();
    Torch torch = weights.torch();
    Layer tower = x -> x;
    for (int i = 0; i < layout.towerDepth(); i++) {
      tower =
          tower
              .then(
                  weights.convolution(
                      name + "conv." + 3 * i, new Window(width, width, 3, 1), NARROW, 0))
              .then(weights.norm(name + "conv." + (3 * i + 1), width, groups))
              .then(torch::relu);
    }
    return tower;
  }

  /** What the head says of all levels, its points below one another. */
  Prediction predict(List<Tensor> levels) {
    List<Tensor> logitMaps = new ArrayList<>();
    List<Tensor> distanceMaps = new ArrayList<>();
    List<Tensor> centernessMaps = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      Tensor features = levels.get(level);
      logitMaps.add(logits.apply(classTower.apply(features)));
      Tensor box = boxTower.apply(features);
      distanceMaps.add(torch.relu(scales.get(level).apply(distances.apply(box))));
      centernessMaps.add(centerness.apply(box));
    }
    return new Prediction(
        torch.rows(logitMaps), torch.rows(distanceMaps), torch.rows(centernessMaps));
  }
}
