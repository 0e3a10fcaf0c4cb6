package dev.autoloss.trainer.detector;

import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.Arrays;
import java.util.List;
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
  private final Biases biases;
  private final boolean frozen;

  /** How the biases of convolutions learn. */
  enum Biases {
    /** As weights do. */
    ALIKE,
    /** At twice the rate and without decay: the recipe of FCOS. */
    FAST
  }

  Weights(Torch torch, Parameters parameters, RandomGenerator random, Biases biases) {
    this(torch, parameters, random, biases, false);
  }

  private Weights(
      Torch torch, Parameters parameters, RandomGenerator random, Biases biases, boolean frozen) {
    this.torch = torch;
    this.parameters = parameters;
    this.random = random;
    this.biases = biases;
    this.frozen = frozen;
  }

  /** The same, but what it makes is not trained. */
  Weights frozen() {
    return new Weights(torch, parameters, random, biases, true);
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
    Tensor shift = bias(name, window.out(), bias);
    return x -> torch.convolution(x, weight, shift, window.stride(), window.padding());
  }

  /**
   * Convolution without bias, then batch normalisation with moments that stay as they are,
   * parameters as {@link #batchNorm}'s.
   *
   * @param affine makes the normalisation's scale and shift
   */
  Layer normalisedConvolution(
      String name, Window window, Start start, String normName, Weights affine) {
    Tensor weight = kernel(name, window, start);
    List<Tensor> norm = affine.batchNormParameters(normName, window.out());
    return x -> torch.normalisedConvolution(x, weight, window.stride(), window.padding(), norm);
  }

  private Tensor bias(String name, int count, double value) {
    float[] values = new float[count];
    Arrays.fill(values, (float) value);
    return biases == Biases.FAST && !frozen
        ? parameters.convolutionBias(name + ".bias", values)
        : parameter(name + ".bias", values, count);
  }

  /** Linear map of rows, parameters {@code name.weight} and {@code name.bias} (zeros). */
  Layer linear(String name, int in, int out, Start start) {
    float[] values = values(new Window(in, out, 1, 1), start);
    Tensor weight = parameter(name + ".weight", values, out, in);
    Tensor shift = bias(name, out, 0);
    return x -> torch.linear(x, weight, shift);
  }

  /**
   * Transposed convolution that doubles the sides, parameters {@code name.weight} and {@code
   * name.bias} (zeros).
   */
  Layer deconvolution(String name, int in, int out, Start start) {
    // The reference takes the fan-out of a transposed kernel from its input channels.
    float[] values = values(new Window(out, in, 2, 2), start);
    Tensor weight = parameter(name + ".weight", values, in, out, 2, 2);
    Tensor shift = bias(name, out, 0);
    return x -> torch.deconvolution(x, weight, shift);
  }

  /** Group normalisation with as many groups as divide both 32 and the channels. */
  Layer norm(String name, int channels) {
    return norm(name, channels, greatestCommonDivisor(NORM_GROUPS, channels));
  }

  /** Group normalisation, parameters {@code name.weight} (ones) and {@code name.bias} (zeros). */
  Layer norm(String name, int channels, int groups) {
    Tensor weight = parameter(name + ".weight", ones(channels), channels);
    Tensor bias = parameter(name + ".bias", new float[channels], channels);
    return x -> torch.groupNorm(x, groups, weight, bias);
  }

  /**
   * Batch normalisation whose moments follow those of the batches that are trained on, parameters
   * as {@link #norm}'s, and {@code name.running_mean} (zeros) and {@code name.running_var} (ones),
   * which are not trained.
   */
  Layer batchNorm(String name, int channels) {
    List<Tensor> all = batchNormParameters(name, channels);
    return x -> {
      var call =
          torch
              .call(!frozen && parameters.areTrained() ? "batch_norm_moving" : "batch_norm_fixed")
              .with(x);
      all.forEach(call::with);
      return call.tensor();
    };
  }

  /** Scale, shift, mean and variance. */
  private List<Tensor> batchNormParameters(String name, int channels) {
    return List.of(
        parameter(name + ".weight", ones(channels), channels),
        parameter(name + ".bias", new float[channels], channels),
        parameters.fixed(name + ".running_mean", new float[channels], channels),
        parameters.fixed(name + ".running_var", ones(channels), channels));
  }

  private static float[] ones(int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Tensor parameter(String name, float[] values, long... shape) {
    return frozen ? parameters.fixed(name, values, shape) : parameters.weight(name, values, shape);
  }

  /** A factor that starts at 1. */
  Layer scale(String name) {
    Tensor factor = parameter(name, new float[] {1});
    return x -> torch.multiply(x, factor);
  }

  private Tensor kernel(String name, Window window, Start start) {
    return parameter(
        name + ".weight",
        values(window, start),
        window.out(),
        window.in(),
        window.side(),
        window.side());
  }

  private float[] values(Window window, Start start) {
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
    return values;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
