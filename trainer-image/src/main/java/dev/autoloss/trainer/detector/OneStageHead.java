package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.loss.Prediction;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of FCOS and ATSS, shared by all levels: two towers, of which the box tower also carries
 * the centerness. Boxes are multiplied by a trained scale of each level, which torchvision's FCOS
 * does not have; for FCOS, whose boxes are distances in units of the stride, what is below zero
 * becomes zero.
 */
final class OneStageHead {
  private static final String CLASSES = "head.classification_head.";
  private static final String BOXES = "head.regression_head.";
  private static final Start NARROW = new Start.Normal(0.01);

  /** All scores start at 0.01. */
  private static final double SCORE_BIAS = -Math.log(99);

  /**
   * All distances of FCOS start at one stride. The published code, which starts from trained
   * features, has 0: but a box without area gives losses of areas no gradient, and from random
   * weights the first epochs are lost to that.
   */
  private static final double DISTANCE_BIAS = 1;

  private final OneStageKind kind;
  private final Torch torch;
  private final Layer classTower;
  private final Layer boxTower;
  private final Layer logits;
  private final Layer boxes;
  private final Layer centerness;
  private final List<Layer> scales = new ArrayList<>();

  OneStageHead(Weights weights, OneStageKind kind, OneStageLayout layout, int classes) {
    this.kind = kind;
    torch = weights.torch();
    classTower = tower(weights, CLASSES, kind, layout);
    boxTower = tower(weights, BOXES, kind, layout);
    int width = layout.channels();
    logits =
        weights.convolution(
            CLASSES + "cls_logits", new Window(width, classes, 3, 1), NARROW, SCORE_BIAS);
    double start = kind == OneStageKind.FCOS ? DISTANCE_BIAS : 0;
    boxes = weights.convolution(BOXES + "bbox_reg", new Window(width, 4, 3, 1), NARROW, start);
    centerness = weights.convolution(BOXES + "bbox_ctrness", new Window(width, 1, 3, 1), NARROW, 0);
    for (int level = 0; level < layout.levels().size(); level++) {
      String name = "head.scales." + level + ".scale";
      scales.add(
          switch (layout.compatibility()) {
            case PUBLISHED -> weights.scale(name);
            case TORCHVISION -> box -> box;
          });
    }
  }

  private static Layer tower(
      Weights weights, String name, OneStageKind kind, OneStageLayout layout) {
    int width = layout.channels();
    Torch torch = weights.torch();
    Layer tower = x -> x;
    for (int i = 0; i < layout.towerDepth(); i++) {
      String convolution = name + "conv." + 3 * i;
      Window window = new Window(width, width, 3, 1);
      Layer layer =
          switch (kind) {
            case FCOS -> weights.convolution(convolution, window, NARROW, 0);
            case ATSS -> weights.convolution(convolution, window, NARROW);
          };
      tower =
          tower
              .then(layer)
              .then(weights.norm(name + "conv." + (3 * i + 1), width, layout.groups()))
              .then(torch::reluOver);
    }
    return tower;
  }

  /** What the head says of all levels, its points below one another. */
  Prediction predict(List<Tensor> levels) {
    List<Tensor> logitMaps = new ArrayList<>();
    List<Tensor> boxMaps = new ArrayList<>();
    List<Tensor> centernessMaps = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      Tensor features = levels.get(level);
      logitMaps.add(logits.apply(classTower.apply(features)));
      Tensor box = boxTower.apply(features);
      Tensor scaled = scales.get(level).apply(boxes.apply(box));
      boxMaps.add(
          switch (kind) {
            case FCOS -> torch.reluOver(scaled);
            case ATSS -> scaled;
          });
      centernessMaps.add(centerness.apply(box));
    }
    return new Prediction(torch.rows(logitMaps), torch.rows(boxMaps), torch.rows(centernessMaps));
  }
}
