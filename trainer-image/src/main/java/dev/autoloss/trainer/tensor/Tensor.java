package dev.autoloss.trainer.tensor;

import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.Arrays;

/**
 * An array of numbers that the engine holds. It lives until the {@link Step} that was open when it
 * came to be is closed, or as long as its {@link Torch} if none was.
 *
 * <p>What can be done with it stands in {@link Torch}.
 */
public final class Tensor {
  private PtNDArray array;

  Tensor(PtNDArray array) {
    this.array = array;
  }

  PtNDArray array() {
    return array;
  }

  /**
   * Lets a trained tensor go on without the gradient that it has: another array takes over the same
   * numbers. The next backward pass then need not add to an old gradient, set to zero before.
   */
  void forgetGradient() {
    PtNDArray fresh = (PtNDArray) array.stopGradient();
    NDScope.unregister(fresh);
    fresh.setRequiresGradient(true);
    array.close();
    array = fresh;
  }

  /**
   * The sizes of its dimensions.
   *
   * @return one number a dimension, none for a single number
   */
  public long[] shape() {
    return array.getShape().getShape();
  }

  /**
   * Copies single-precision numbers out; waits for the device.
   *
   * @return the numbers, row-major
   * @throws IllegalStateException if they are not of single precision
   */
  public float[] floats() {
    return array.toFloatArray();
  }

  /**
   * Copies double-precision numbers out; waits for the device.
   *
   * @return the numbers, row-major
   * @throws IllegalStateException if they are not of double precision
   */
  public double[] doubles() {
    return array.toDoubleArray();
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape());
  }
}
