package dev.autoloss.trainer.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.autoloss.trainer.tensor.Placement.Numbers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The tensor engine on one device: makes tensors and computes with them. For one thread.
 *
 * <p>Images are batch × channels × height × width. Operations that the engine's Java interface
 * lacks, or gets wrong, are TorchScript methods ({@link #call}).
 */
public final class Torch extends Operations implements AutoCloseable {
  private static final String ENGINE = "PyTorch";

  /** Of numbers in memory, in bytes: a cache line. */
  private static final long ALIGNMENT = 64;

  private final PtNDManager root;
  private final PtSymbolBlock module;
  private final Numbers numbers;
  private final List<Step> steps = new ArrayList<>();

  private Torch(PtNDManager root, PtSymbolBlock module, Numbers numbers) {
    this.root = root;
    this.module = module;
    this.numbers = numbers;
  }

  /**
   * Starts the engine.
   *
   * @param placement where and with what numbers to compute
   * @param methods TorchScript methods to be called by name, beside those of this class
   * @return the engine
   * @throws IllegalStateException if there is no such GPU
   */
  public static Torch open(Placement placement, List<String> methods) {
    int found = gpus(); // Loads the engine, which the calls below need.
    int gpu = placement.gpu().orElse(-1);
    if (gpu >= found) {
      throw new IllegalStateException(
          "expected %d GPUs or more, but %d are visible".formatted(gpu + 1, found));
    }
    JniUtils.setNumThreads(placement.threads());
    // Off: the optimiser rewrites a method after its first runs, which changes the last digits.
    JniUtils.setGraphExecutorOptimize(false);
    Device device = gpu < 0 ? Device.cpu() : Device.gpu(gpu);
    var root = (PtNDManager) NDManager.newBaseManager(device, ENGINE);
    List<String> all = new ArrayList<>(Scripts.METHODS);
    all.addAll(methods);
    try (var archive = new ByteArrayInputStream(ScriptArchive.of(all))) {
      PtSymbolBlock module = JniUtils.loadModule(root, archive, true, false);
      return new Torch(root, module, placement.numbers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the engine in single precision.
   *
   * @param gpu whether to compute on the first GPU
   * @param threads threads of an operation on CPU, at least 1
   * @param methods TorchScript methods to be called by name, beside those of this class
   * @return the engine
   * @throws IllegalStateException if there is no GPU and one is asked for
   */
  public static Torch open(boolean gpu, int threads, List<String> methods) {
    OptionalInt device = gpu ? OptionalInt.of(0) : OptionalInt.empty();
    return open(new Placement(device, threads, Numbers.SINGLE), methods);
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
  @Override
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
  @Override
  public Tensor tensor(long[] values, long... shape) {
    return copy(LongBuffer.wrap(values), DataType.INT64, shape);
  }

  /**
   * The engine would read a Java buffer for as long as the tensor lives: it gets its own copy, by
   * way of memory that is given back at once. What a direct buffer holds waits for the collector.
   */
  private Tensor copy(Buffer values, DataType type, long... shape) {
    long bytes = (long) values.remaining() * type.getNumOfBytes();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer memory = arena.allocate(bytes, ALIGNMENT).asByteBuffer();
      BaseNDManager.copyBuffer(values, memory.order(ByteOrder.nativeOrder()));
      try (PtNDArray borrowed = manager().create(memory, new Shape(shape), type)) {
        return new Tensor(JniUtils.clone(borrowed));
      }
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
  @Override
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
   * Computes the gradients of a single number.
   *
   * @param loss one number
   */
  public void backward(Tensor loss) {
    backward(loss, 1);
  }

  /**
   * Computes the gradients of a single number by all trained tensors that it depends on, adding to
   * what they have.
   *
   * @param loss one number
   * @param factor of the gradients
   */
  public void backward(Tensor loss, double factor) {
    PtNDArray start = call("number_like").with(loss).with(factor).tensor().array();
    JniUtils.backward(loss.array(), start, false, false);
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

  @Override
  Call inNumbers(String method) {
    return call(
        switch (numbers) {
          case SINGLE -> method;
          case BRAIN -> method + "_brain";
        });
  }

  @Override
  public void close() {
    module.close();
    root.close();
  }
}
