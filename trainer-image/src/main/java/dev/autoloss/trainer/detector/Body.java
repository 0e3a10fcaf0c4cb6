package dev.autoloss.trainer.detector;

import dev.autoloss.api.Backbone;
import dev.autoloss.trainer.detector.Weights.Start;
import dev.autoloss.trainer.detector.Weights.Window;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * A feature network: maps of strides 4, 8, 16 and 32. Every convolution is followed by group
 * normalisation. Parameters of ResNets are named as in torchvision, below {@code backbone.body}.
 */
final class Body {
  private static final String NAME = "backbone.body.";
  private static final Start KAIMING = new Start.KaimingNormal();

  private final Weights weights;
  private final Torch torch;
  private final List<Layer> stages = new ArrayList<>();
  private final List<Integer> channels = new ArrayList<>();
  private int width;

  private Body(Weights weights) {
    this.weights = weights;
    this.torch = weights.torch();
  }

  static Body of(Backbone backbone, Weights weights) {
    var body = new Body(weights);
    switch (backbone) {
      case SMALL -> body.small();
      case RESNET_18 -> body.residual(List.of(2, 2, 2, 2), false);
      case RESNET_50 -> body.residual(List.of(3, 4, 6, 3), true);
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
    stage(unit("stem.0", 24, 2).then(unit("stem.1", 48, 2)));
    stage(unit("layer1.0", 96, 2).then(unit("layer1.1", 96, 1)));
    stage(unit("layer2.0", 128, 2));
    stage(unit("layer3.0", 128, 2));
  }

  private void stage(Layer layer) {
    stages.add(layer);
    channels.add(width);
  }

  /** Convolution 3 × 3, normalisation, ReLU, as torchvision's Conv2dNormActivation names them. */
  private Layer unit(String name, int out, int stride) {
    Layer layer =
        normalised(NAME + name + ".0", NAME + name + ".1", new Window(width, out, 3, stride))
            .then(torch::relu);
    width = out;
    return layer;
  }

  private Layer normalised(String convolution, String norm, Window window) {
    return weights.convolution(convolution, window, KAIMING).then(weights.norm(norm, window.out()));
  }

  private void residual(List<Integer> blocks, boolean bottleneck) {
    Layer stem =
        normalised(NAME + "conv1", NAME + "bn1", new Window(3, 64, 7, 2))
            .then(torch::relu)
            .then(torch::maxPool);
    width = 64;
    stage(stem.then(blocks(1, blocks.get(0), bottleneck)));
    stage(blocks(2, blocks.get(1), bottleneck));
    stage(blocks(3, blocks.get(2), bottleneck));
    stage(blocks(4, blocks.get(3), bottleneck));
  }

  private Layer blocks(int stage, int count, boolean bottleneck) {
    int inner = 32 << stage;
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
            .then(torch::relu)
            .then(normalised(name + "conv2", name + "bn2", new Window(inner, inner, 3, 1)));
    return around(name, way, inner, stride);
  }

  private Layer bottleneck(String name, int inner, int stride) {
    Layer way =
        normalised(name + "conv1", name + "bn1", new Window(width, inner, 1, 1))
            .then(torch::relu)
            .then(normalised(name + "conv2", name + "bn2", new Window(inner, inner, 3, stride)))
            .then(torch::relu)
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
    return x -> torch.relu(torch.add(way.apply(x), shortcut.apply(x)));
  }
}
