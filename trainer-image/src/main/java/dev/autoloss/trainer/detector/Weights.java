package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Makes layers with random weights. All chance comes from one generator, drawn in the order of the
 * calls, and is the same on every device.
 */
final class Weights {
  private static final int NORM_GROUPS = 32;

  private final Torch torch;
  private final Parameters parameters;
  private final RandomGenerator random;

  Weights(Torch torch, Parameters parameters, RandomGenerator random) {
    this.torch = torch;
    this.parameters = parameters;
    this.random = random;
  }

  Torch torch() {
    return torch;
  }

  /** Distribution of the weights of a convolution. */
  sealed interface Start {
    /** Normal with deviation √(2/(out·side²)): keeps the gradients' size through ReLUs. */
    record KaimingNormal() implements Start {}

    /** Uniform within ±√(6/((in + out)·side²)). */
    record XavierUniform() implements Start {}

    /**
     * Normal with a given deviation.
     *
     * @param deviation standard deviation
     */
    record Normal(double deviation) implements Start {}
  }

  /**
   * The shape of a convolution.
   *
   * @param in input channels
   * @param out output channels
   * @param side of the window
   * @param stride step of the window
   */
  record Window(int in, int out, int side, int stride) {
    int padding() {
      return side / 2;
    }

    int area() {
      return side * side;
    }
  }

  /** Convolution without bias, parameter {@code name.weight}. */
  Layer convolution(String name, Window window, Start start) {
    Tensor weight = kernel(name, window, start);
    return x -> torch.convolution(x, weight, window.stride(), window.padding());
  }

  /** Convolution with bias, parameters {@code name.weight} and {@code name.bias}. */
  Layer convolution(String name, Window window, Start start, double bias) {
    Tensor weight = kernel(name, window, start);
    float[] values = new float[window.out()];
    Arrays.fill(values, (float) bias);
    Tensor shift = parameters.convolutionBias(name + ".bias", values);
    return x -> torch.convolution(x, weight, shift, window.stride(), window.padding());
  }

  /** Group normalisation with as many groups as divide both 32 and the channels. */
  Layer norm(String name, int channels) {
    return norm(name, channels, greatestCommonDivisor(NORM_GROUPS, channels));
  }

  /** Group normalisation, parameters {@code name.weight} (ones) and {@code name.bias} (zeros). */
  Layer norm(String name, int channels, int groups) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    Tensor weight = parameters.weight(name + ".weight", ones, channels);
    Tensor bias = parameters.weight(name + ".bias", new float[channels], channels);
    return x -> torch.groupNorm(x, groups, weight, bias);
  }

  /** A factor that starts at 1. */
  Layer scale(String name) {
    Tensor factor = parameters.weight(name, new float[] {1});
    return x -> torch.multiply(x, factor);
  }

  private Tensor kernel(String name, Window window, Start start) {
    float[] values = new float[window.out() * window.in() * window.area()];
    double fanOut = (double) window.out() * window.area();
    double fanIn = (double) window.in() * window.area();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          (float)
              switch (start) {
                case Start.KaimingNormal() -> random.nextGaussian() * Math.sqrt(2 / fanOut);
                case Start.XavierUniform() ->
                    (2 * random.nextDouble() - 1) * Math.sqrt(6 / (fanIn + fanOut));
                case Start.Normal(double deviation) -> random.nextGaussian() * deviation;
              };
    }
    return parameters.weight(
        name + ".weight", values, window.out(), window.in(), window.side(), window.side());
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
