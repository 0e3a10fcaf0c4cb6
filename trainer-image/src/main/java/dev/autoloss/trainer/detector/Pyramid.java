package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Feature pyramid: each map is joined with the coarser ones, all to the same width; coarser levels
 * are added on top of the last one.
 *
 * @see <a href="https://arxiv.org/abs/1612.03144">Lin et al., CVPR 2017</a>
 */
final class Pyramid {
  /** How levels beyond those of the inputs are made of the last output. */
  enum Top {
    /** Convolutions of stride 2, from the second on after a ReLU: FCOS. */
    RELU_CONVOLUTIONS,
    /** Convolutions of stride 2: ATSS. */
    CONVOLUTIONS,
    /** Every second pixel: two-stage detectors. */
    SUBSAMPLED
  }

  private static final String NAME = "backbone.fpn.";
  private static final Start XAVIER = new Start.XavierUniform();

  private final Torch torch;
  private final List<Layer> inner = new ArrayList<>();
  private final List<Layer> outer = new ArrayList<>();
  private final List<Layer> extra = new ArrayList<>();

  /**
   * Makes a pyramid.
   *
   * @param levels at least as many as inputs
   * @param top how further levels are made
   */
  Pyramid(Weights weights, List<Integer> inputs, int channels, int levels, Top top) {
    torch = weights.torch();
    for (int i = 0; i < inputs.size(); i++) {
      inner.add(
          weights.convolution(
              NAME + "inner_blocks." + i + ".0",
              new Window(inputs.get(i), channels, 1, 1),
              XAVIER,
              0));
    }
    for (int i = 0; i < inputs.size(); i++) {
      outer.add(
          weights.convolution(
              NAME + "layer_blocks." + i + ".0", new Window(channels, channels, 3, 1), XAVIER, 0));
    }
    for (int i = inputs.size(); i < levels; i++) {
      extra.add(extra(weights, i, channels, top));
    }
  }

  private Layer extra(Weights weights, int level, int channels, Top top) {
    if (top == Top.SUBSAMPLED) {
      return torch::subsample;
    }
    Layer layer =
        weights.convolution(
            NAME + "extra_blocks.p" + (level + 3), new Window(channels, channels, 3, 2), XAVIER, 0);
    Layer activation = torch::relu;
    return extra.isEmpty() || top == Top.CONVOLUTIONS ? layer : activation.then(layer);
  }

  /** The levels, finest first. */
  List<Tensor> levels(List<Tensor> features) {
    List<Tensor> joined = new ArrayList<>();
    for (int i = features.size() - 1; i >= 0; i--) {
      Tensor lateral = inner.get(i).apply(features.get(i));
      if (!joined.isEmpty()) {
        long[] shape = lateral.shape();
        lateral = torch.add(lateral, torch.upsampleNearest(joined.getFirst(), shape[2], shape[3]));
      }
      joined.addFirst(lateral);
    }
    List<Tensor> levels = new ArrayList<>();
    for (int i = 0; i < joined.size(); i++) {
      levels.add(outer.get(i).apply(joined.get(i)));
    }
    for (Layer layer : extra) {
      levels.add(layer.apply(levels.getLast()));
    }
    return levels;
  }
}
