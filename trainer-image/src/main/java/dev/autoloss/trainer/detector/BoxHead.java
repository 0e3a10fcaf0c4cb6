package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.loss.TwoStageLoss.Prediction;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;

/** Two shared linear layers with ReLU, then the logits of classes and background, and offsets. */
final class BoxHead {
  /** Cells in a row of a region. */
  static final int SIDE = 7;

  private static final Start XAVIER = new Start.XavierUniform();

  private final Layer shared;
  private final Layer logits;
  private final Layer offsets;

  /** The names of a head's four layers. */
  record Names(String first, String second, String logits, String offsets) {
    /** Torchvision's. */
    static Names single() {
      return new Names(
          "roi_heads.box_head.fc6",
          "roi_heads.box_head.fc7",
          "roi_heads.box_predictor.cls_score",
          "roi_heads.box_predictor.bbox_pred");
    }

    /** Mmdet's, as torchvision has no cascade. */
    static Names stage(int stage) {
      String head = "roi_head.bbox_head." + stage + ".";
      return new Names(
          head + "shared_fcs.0", head + "shared_fcs.1", head + "fc_cls", head + "fc_reg");
    }
  }

  BoxHead(Weights weights, Names names, TwoStageLayout layout, int classes, int boxes) {
    Torch torch = weights.torch();
    int inputs = layout.channels() * SIDE * SIDE;
    int hidden = layout.hidden();
    shared =
        weights
            .linear(names.first(), inputs, hidden, XAVIER)
            .then(torch::reluOver)
            .then(weights.linear(names.second(), hidden, hidden, XAVIER))
            .then(torch::reluOver);
    logits = weights.linear(names.logits(), hidden, classes + 1, new Start.Normal(.01));
    offsets = weights.linear(names.offsets(), hidden, 4 * boxes, new Start.Normal(.001));
  }

  /** Predicts of regions × channels × side × side. */
  Prediction predict(Tensor regions) {
    Tensor hidden = shared.apply(regions);
    return new Prediction(logits.apply(hidden), offsets.apply(hidden));
  }
}
