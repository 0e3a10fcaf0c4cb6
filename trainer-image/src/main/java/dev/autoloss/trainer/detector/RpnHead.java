package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.detector.region.Anchors;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * The region proposal head, shared by all levels: a logit and four offsets for each anchor.
 *
 * @see <a href="https://arxiv.org/abs/1506.01497">Ren et al., NeurIPS 2015</a>
 */
final class RpnHead {
  private static final String NAME = "rpn.head.";
  private static final Start NARROW = new Start.Normal(.01);

  private final Torch torch;
  private final Layer shared;
  private final Layer logits;
  private final Layer offsets;

  RpnHead(Weights weights, int channels) {
    torch = weights.torch();
    var window = new Window(channels, channels, 3, 1);
    shared = weights.convolution(NAME + "conv.0.0", window, NARROW, 0).then(torch::reluOver);
    logits =
        weights.convolution(
            NAME + "cls_logits", new Window(channels, Anchors.SHAPES, 1, 1), NARROW, 0);
    offsets =
        weights.convolution(
            NAME + "bbox_pred", new Window(channels, 4 * Anchors.SHAPES, 1, 1), NARROW, 0);
  }

  /**
   * What the head says, numbered as in {@link AnchorGrid}.
   *
   * @param logits points × shapes
   * @param offsets points × (4 · shapes)
   */
  record Prediction(Tensor logits, Tensor offsets) {}

  Prediction predict(List<Tensor> levels) {
    List<Tensor> logitMaps = new ArrayList<>();
    List<Tensor> offsetMaps = new ArrayList<>();
    for (Tensor level : levels) {
      Tensor features = shared.apply(level);
      logitMaps.add(logits.apply(features));
      offsetMaps.add(offsets.apply(features));
    }
    return new Prediction(torch.rows(logitMaps), torch.rows(offsetMaps));
  }
}
