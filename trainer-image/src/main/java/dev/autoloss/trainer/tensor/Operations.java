package dev.autoloss.trainer.tensor;

import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/** What {@link Torch} computes with tensors. */
abstract class Operations {
  /** Begins a call of a TorchScript method. */
  abstract Call call(String method);

  /** Begins a call of a method that there is once for each kind of numbers. */
  abstract Call inNumbers(String method);

  /** Copies numbers in. */
  abstract Tensor tensor(float[] values, long... shape);

  /** Copies integers in. */
  abstract Tensor tensor(long[] values, long... shape);

  /**
   * Two-dimensional convolution without bias.
   *
   * @param x batch × in × height × width
   * @param weight out × in × side × side
   * @param stride step of the window
   * @param padding zeros on each side
   * @return batch × out × height′ × width′
   */
  public Tensor convolution(Tensor x, Tensor weight, int stride, int padding) {
    return inNumbers("convolution")
        .with(x)
        .with(weight)
        .with((long) stride)
        .with((long) padding)
        .tensor();
  }

  /**
   * Two-dimensional convolution with bias.
   *
   * @param x batch × in × height × width
   * @param weight out × in × side × side
   * @param bias out
   * @param stride step of the window
   * @param padding zeros on each side
   * @return batch × out × height′ × width′
   */
  public Tensor convolution(Tensor x, Tensor weight, Tensor bias, int stride, int padding) {
    return inNumbers("biased_convolution")
        .with(x)
        .with(weight)
        .with(bias)
        .with((long) stride)
        .with((long) padding)
        .tensor();
  }

  /**
   * Two-dimensional convolution, then batch normalisation with fixed moments and ε = 1e-5, as one
   * convolution: the normalisation scales the kernel, not the map.
   *
   * @param x batch × in × height × width
   * @param weight out × in × side × side
   * @param stride step of the window
   * @param padding zeros on each side
   * @param norm scale, shift, mean and variance, each out
   * @return batch × out × height′ × width′
   */
  public Tensor normalisedConvolution(
      Tensor x, Tensor weight, int stride, int padding, List<Tensor> norm) {
    Call call =
        inNumbers("normalised_convolution")
            .with(x)
            .with(weight)
            .with((long) stride)
            .with((long) padding);
    norm.forEach(call::with);
    return call.tensor();
  }

  /**
   * Group normalisation with ε = 1e-5; Wu and He, ECCV 2018.
   *
   * @param x batch × channels × height × width
   * @param groups divisor of the channels
   * @param weight channels
   * @param bias channels
   * @return as {@code x}
   */
  public Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias) {
    return call("group_norm").with(x).with((long) groups).with(weight).with(bias).tensor();
  }

  /**
   * Greater of a number and zero.
   *
   * @param x any shape
   * @return as {@code x}
   */
  public Tensor relu(Tensor x) {
    return new Tensor(JniUtils.relu(x.array()));
  }

  /**
   * Greater of a number and zero, written over its argument.
   *
   * @param x any shape, computed by a convolution, a linear map or a normalisation and read by
   *     nobody else
   * @return {@code x}
   */
  public Tensor reluOver(Tensor x) {
    return call("relu_over").with(x).tensor();
  }

  /**
   * Greater of a sum and zero, written over the first argument.
   *
   * @param x as for {@link #reluOver}
   * @param y the same shape
   * @return {@code x}
   */
  public Tensor addReluOver(Tensor x, Tensor y) {
    return call("add_relu_over").with(x).with(y).tensor();
  }

  /**
   * Sum.
   *
   * @param a any shape
   * @param b the same shape
   * @return the same shape
   */
  public Tensor add(Tensor a, Tensor b) {
    return new Tensor(JniUtils.add(a.array(), b.array()));
  }

  /**
   * Product with a single number that may be trained.
   *
   * @param x any shape
   * @param factor one number, no dimension
   * @return as {@code x}
   */
  public Tensor multiply(Tensor x, Tensor factor) {
    return new Tensor(JniUtils.mul(x.array(), factor.array()));
  }

  /**
   * Greatest of each window of 3 × 3 with stride 2 and padding 1.
   *
   * @param x batch × channels × height × width
   * @return half the height and width, rounded up
   */
  public Tensor maxPool(Tensor x) {
    return call("max_pool").with(x).tensor();
  }

  /**
   * Repeats pixels to another size.
   *
   * @param x batch × channels × height × width
   * @param height new height
   * @param width new width
   * @return batch × channels × new height × new width
   */
  public Tensor upsampleNearest(Tensor x, long height, long width) {
    return call("upsample_nearest").with(x).with(height).with(width).tensor();
  }

  /**
   * Puts the positions of several maps below one another.
   *
   * @param maps each batch × channels × height × width, equal in batch and channels
   * @return rows × channels; the rows go map by map, image by image, row by row of the map
   */
  public Tensor rows(List<Tensor> maps) {
    return call("rows").with(maps).tensor();
  }

  /**
   * Every second pixel of every second row.
   *
   * @param x batch × channels × height × width
   * @return half the height and width, rounded up
   */
  public Tensor subsample(Tensor x) {
    return call("subsample").with(x).tensor();
  }

  /**
   * A linear map of each row.
   *
   * @param x rows × in; further dimensions are taken together with the second
   * @param weight out × in
   * @param bias out
   * @return rows × out
   */
  public Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return inNumbers("linear").with(x).with(weight).with(bias).tensor();
  }

  /**
   * Transposed convolution with a window of 2 × 2 and stride 2.
   *
   * @param x batch × in × height × width
   * @param weight in × out × 2 × 2
   * @param bias out
   * @return batch × out × 2 · height × 2 · width
   */
  public Tensor deconvolution(Tensor x, Tensor weight, Tensor bias) {
    return inNumbers("deconvolution").with(x).with(weight).with(bias).tensor();
  }

  /**
   * Picks one channel's map at a time.
   *
   * @param x batch × channels × height × width
   * @param slots positions among batch · channels maps, at least one
   * @return slots × height × width
   */
  public Tensor maps(Tensor x, long[] slots) {
    return call("select_maps").with(x).with(tensor(slots, slots.length)).tensor();
  }

  /**
   * Weighted sums of pixels, a square of them for each region. Weights have no gradient.
   *
   * @param maps each batch × channels × height × width, equal in batch and channels
   * @param pixels positions among the pixels of all maps, numbered as in {@link #rows}; the cells'
   *     lists one behind the other
   * @param starts where each cell's list starts in {@code pixels}; {@code side²} cells a region
   * @param weights of {@code pixels}
   * @param side cells in a row of a region
   * @return regions × channels × side × side
   */
  public Tensor regions(
      List<Tensor> maps, long[] pixels, long[] starts, float[] weights, int side) {
    return call("region_align")
        .with(maps)
        .with(tensor(pixels, pixels.length))
        .with(tensor(starts, starts.length))
        .with(tensor(weights, weights.length))
        .with((long) side)
        .tensor();
  }

  /**
   * Logistic sigmoid.
   *
   * @param x any shape
   * @return as {@code x}
   */
  public Tensor sigmoid(Tensor x) {
    return call("sigmoid").with(x).tensor();
  }
}
