package dev.autoloss.trainer.detector;

import dev.autoloss.api.Style;
import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * A feature network: maps of strides 4, 8, 16 and 32. Every convolution is followed by a
 * normalisation. Parameters of ResNets are named as in torchvision, below {@code backbone.body}.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., CVPR 2016</a>
 */
final class Body {
  private static final String NAME = "backbone.body.";
  private static final Start KAIMING = new Start.KaimingNormal();

  private final BodyLayout layout;
  private final Weights trained;
  private final Torch torch;
  private final List<Layer> stages = new ArrayList<>();
  private final List<Integer> channels = new ArrayList<>();

  /** Those of the stage that is being made. */
  private Weights weights;

  private int width;

  private Body(BodyLayout layout, Weights weights) {
    this.layout = layout;
    this.trained = weights;
    this.weights = weights;
    this.torch = weights.torch();
  }

  static Body of(BodyLayout layout, Weights weights) {
    var body = new Body(layout, weights);
    switch (layout.backbone()) {
      case SMALL -> body.small();
      case RESNET_18 -> body.residual(List.of(2, 2, 2, 2), false);
      case RESNET_34 -> body.residual(List.of(3, 4, 6, 3), false);
      case RESNET_50 -> body.residual(List.of(3, 4, 6, 3), true);
      case RESNET_101 -> body.residual(List.of(3, 4, 23, 3), true);
    }
    return body;
  }

  /** Channels of the four maps. */
  List<Integer> channels() {
    return channels;
  }

  /** The four maps, finest first. */
  List<Tensor> features(Tensor images) {
    List<Tensor> features = new ArrayList<>();
    Tensor x = images;
    for (Layer stage : stages) {
      x = stage.apply(x);
      features.add(x);
    }
    return features;
  }

  /** About 0.4 million parameters: plain 3 × 3 convolutions, 24 to 128 channels. */
  private void small() {
    width = 3;
    begin(1);
    stage(unit("stem.0", 24, 2).then(unit("stem.1", 48, 2)));
    stage(unit("layer1.0", 96, 2).then(unit("layer1.1", 96, 1)));
    begin(2);
    stage(unit("layer2.0", 128, 2));
    begin(3);
    stage(unit("layer3.0", 128, 2));
  }

  private void begin(int stage) {
    weights = stage <= layout.frozenStages() ? trained.frozen() : trained;
  }

  private void stage(Layer layer) {
    stages.add(layer);
    channels.add(width);
  }

  /** Convolution 3 × 3, normalisation, ReLU, as torchvision's Conv2dNormActivation names them. */
  private Layer unit(String name, int out, int stride) {
    Layer layer =
        normalised(NAME + name + ".0", NAME + name + ".1", new Window(width, out, 3, stride))
            .then(torch::reluOver);
    width = out;
    return layer;
  }

  private Layer normalised(String convolution, String name, Window window) {
    return switch (layout.norm()) {
      case GN ->
          weights.convolution(convolution, window, KAIMING).then(weights.norm(name, window.out()));
      case BN ->
          weights
              .convolution(convolution, window, KAIMING)
              .then(weights.batchNorm(name, window.out()));
      case FROZEN_BN -> {
        Weights affine = layout.trainsAffine() ? weights : weights.frozen();
        yield weights.normalisedConvolution(convolution, window, KAIMING, name, affine);
      }
    };
  }

  private void residual(List<Integer> blocks, boolean bottleneck) {
    begin(1);
    Layer stem =
        normalised(NAME + "conv1", NAME + "bn1", new Window(3, layout.width(), 7, 2))
            .then(torch::reluOver)
            .then(torch::maxPool);
    width = layout.width();
    stage(stem.then(blocks(1, blocks.get(0), bottleneck)));
    for (int stage = 2; stage <= blocks.size(); stage++) {
      begin(stage);
      stage(blocks(stage, blocks.get(stage - 1), bottleneck));
    }
  }

  private Layer blocks(int stage, int count, boolean bottleneck) {
    int inner = layout.width() << (stage - 1);
    Layer all = x -> x;
    for (int block = 0; block < count; block++) {
      int stride = stage > 1 && block == 0 ? 2 : 1;
      String name = NAME + "layer" + stage + "." + block + ".";
      all = all.then(bottleneck ? bottleneck(name, inner, stride) : basic(name, inner, stride));
    }
    return all;
  }

  private Layer basic(String name, int inner, int stride) {
    Layer way =
        normalised(name + "conv1", name + "bn1", new Window(width, inner, 3, stride))
            .then(torch::reluOver)
            .then(normalised(name + "conv2", name + "bn2", new Window(inner, inner, 3, 1)));
    return around(name, way, inner, stride);
  }

  private Layer bottleneck(String name, int inner, int stride) {
    int first = layout.style() == Style.CAFFE ? stride : 1;
    Layer way =
        normalised(name + "conv1", name + "bn1", new Window(width, inner, 1, first))
            .then(torch::reluOver)
            .then(
                normalised(
                    name + "conv2", name + "bn2", new Window(inner, inner, 3, stride / first)))
            .then(torch::reluOver)
            .then(normalised(name + "conv3", name + "bn3", new Window(inner, 4 * inner, 1, 1)));
    return around(name, way, 4 * inner, stride);
  }

  private Layer around(String name, Layer way, int out, int stride) {
    boolean same = stride == 1 && width == out;
    Layer shortcut =
        same
            ? x -> x
            : normalised(
                name + "downsample.0", name + "downsample.1", new Window(width, out, 1, stride));
    width = out;
    return x -> torch.addReluOver(way.apply(x), shortcut.apply(x));
  }
}
