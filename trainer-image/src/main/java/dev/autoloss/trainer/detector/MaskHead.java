package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;

/**
 * Four convolutions, a doubling of the sides and one logit for each class and cell.
 *
 * @see <a href="https://arxiv.org/abs/1703.06870">He et al., ICCV 2017</a>
 */
final class MaskHead {
  /** Cells in a row of a region. */
  static final int SIDE = 14;

  /** Cells in a row of a mask. */
  static final int MASK_SIDE = 2 * SIDE;

  private static final int DEPTH = 4;
  private static final Start KAIMING = new Start.KaimingNormal();

  private final Layer layers;

  MaskHead(Weights weights, int channels, int classes) {
    Torch torch = weights.torch();
    Layer all = x -> x;
    for (int i = 0; i < DEPTH; i++) {
      String name = "roi_heads.mask_head." + i + ".0";
      all =
          all.then(weights.convolution(name, new Window(channels, channels, 3, 1), KAIMING, 0))
              .then(torch::reluOver);
    }
    String predictor = "roi_heads.mask_predictor.";
    layers =
        all.then(weights.deconvolution(predictor + "conv5_mask", channels, channels, KAIMING))
            .then(torch::reluOver)
            .then(
                weights.convolution(
                    predictor + "mask_fcn_logits",
                    new Window(channels, classes, 1, 1),
                    KAIMING,
                    0));
  }

  /** From regions × channels × 14 × 14 to regions × classes × 28 × 28. */
  Tensor predict(Tensor regions) {
    return layers.apply(regions);
  }
}
