package dev.autoloss.trainer.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensor engine on one device: makes tensors and computes with them. For one thread.
 *
 * <p>Images are batch × channels × height × width. Operations that the engine's Java interface
 * lacks, or gets wrong, are TorchScript methods ({@link #call}).
 */
public final class Torch implements AutoCloseable {
  private static final String ENGINE = "PyTorch";

  private final PtNDManager root;
  private final PtSymbolBlock module;
  private final List<Step> steps = new ArrayList<>();

  private Torch(PtNDManager root, PtSymbolBlock module) {
    this.root = root;
    this.module = module;
  }

  /**
   * Starts the engine.
   *
   * @param gpu whether to compute on the first GPU
   * @param threads threads of an operation on CPU, at least 1
   * @param methods TorchScript methods to be called by name, beside those of this class
   * @return the engine
   * @throws IllegalStateException if there is no GPU and one is asked for
   */
  public static Torch open(boolean gpu, int threads, List<String> methods) {
    int found = gpus(); // Loads the engine, which the calls below need.
    if (gpu && found == 0) {
      throw new IllegalStateException("no GPU is visible, expected one");
    }
    JniUtils.setNumThreads(threads);
    // Off: the optimiser rewrites a method after its first runs, which changes the last digits.
    JniUtils.setGraphExecutorOptimize(false);
    var root = (PtNDManager) NDManager.newBaseManager(gpu ? Device.gpu(0) : Device.cpu(), ENGINE);
    List<String> all = new ArrayList<>(Scripts.METHODS);
    all.addAll(methods);
    try (var archive = new ByteArrayInputStream(ScriptArchive.of(all))) {
      return new Torch(root, JniUtils.loadModule(root, archive, true, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Counts the GPUs that the engine sees.
   *
   * @return at least 0
   */
  public static int gpus() {
    return Engine.getEngine(ENGINE).getGpuCount();
  }

  /**
   * Opens a scope for the memory of what follows.
   *
   * @param gradients whether the graph of gradients is kept
   * @return to be closed after the backward pass
   */
  public Step step(boolean gradients) {
    var step = new Step(this, (PtNDManager) manager().newSubManager(), gradients);
    steps.add(step);
    return step;
  }

  void closed(Step step) {
    steps.remove(step);
  }

  private PtNDManager manager() {
    return steps.isEmpty() ? root : steps.getLast().manager();
  }

  /**
   * Counts the tensors that outlive every step.
   *
   * @return a number that does not grow from step to step
   */
  public int lasting() {
    return root.getManagedArrays().size();
  }

  /**
   * Copies numbers in.
   *
   * @param values row-major, at least one
   * @param shape sizes whose product is their count
   * @return single precision
   */
  public Tensor tensor(float[] values, long... shape) {
    return copy(FloatBuffer.wrap(values), DataType.FLOAT32, shape);
  }

  /**
   * Copies numbers in.
   *
   * @param values row-major, at least one
   * @param shape sizes whose product is their count
   * @return double precision
   */
  public Tensor tensor(double[] values, long... shape) {
    return copy(DoubleBuffer.wrap(values), DataType.FLOAT64, shape);
  }

  /**
   * Copies integers in.
   *
   * @param values row-major, at least one
   * @param shape sizes whose product is their count
   * @return 64-bit integers
   */
  public Tensor tensor(long[] values, long... shape) {
    return copy(LongBuffer.wrap(values), DataType.INT64, shape);
  }

  /** The engine would read a Java buffer for as long as the tensor lives: it gets its own copy. */
  private Tensor copy(Buffer values, DataType type, long... shape) {
    try (PtNDArray borrowed = manager().create(values, new Shape(shape), type)) {
      return new Tensor(JniUtils.clone(borrowed));
    }
  }

  /**
   * Makes a tensor of equal numbers.
   *
   * @param value the number
   * @param shape sizes
   * @return single precision
   */
  public Tensor full(double value, long... shape) {
    return new Tensor(
        (PtNDArray) manager().full(new Shape(shape), (float) value, DataType.FLOAT32));
  }

  /**
   * Begins a call of a TorchScript method.
   *
   * @param method its name
   * @return the call
   */
  public Call call(String method) {
    return new Call(manager(), module, method);
  }

  /**
   * Asks for gradients by a tensor.
   *
   * @param tensor made from numbers, not computed
   * @return the same tensor
   */
  public Tensor trained(Tensor tensor) {
    tensor.array().setRequiresGradient(true);
    return tensor;
  }

  /**
   * Computes the gradients of a single number by all trained tensors that it depends on, adding to
   * what they have.
   *
   * @param loss single precision, one number
   */
  public void backward(Tensor loss) {
    DataType type = loss.array().getDataType();
    PtNDArray one = (PtNDArray) manager().ones(loss.array().getShape(), type);
    JniUtils.backward(loss.array(), one, false, false);
  }

  /**
   * The gradient of the backward passes since it was last set to zero.
   *
   * @param tensor a trained tensor
   * @return of the same shape; zeros if no loss depended on it
   */
  public Tensor gradient(Tensor tensor) {
    if (!tensor.array().hasGradient()) {
      throw new IllegalArgumentException(tensor + " is not trained");
    }
    return new Tensor(tensor.array().getGradient());
  }

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
    return call("convolution")
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
    var steps = new Shape(stride, stride);
    var zeros = new Shape(padding, padding);
    return new Tensor(
        JniUtils.convolution(
            x.array(), weight.array(), bias.array(), steps, zeros, new Shape(1, 1), 1));
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
    return call("linear").with(x).with(weight).with(bias).tensor();
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
    return call("deconvolution").with(x).with(weight).with(bias).tensor();
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

  @Override
  public void close() {
    module.close();
    root.close();
  }
}
