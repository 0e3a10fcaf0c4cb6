package dev.autoloss.trainer.weights;

import dev.autoloss.trainer.tensor.Tensor;
import java.util.function.Supplier;

/**
 * A tensor on its way to a file; its numbers are fetched when it is its turn.
 *
 * @param shape sizes of its dimensions
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
record Stored(long[] shape, Supplier<float[]> values) {
  static Stored of(Tensor tensor) {
    return new Stored(tensor.shape(), tensor::floats);
  }

  static Stored of(Numbers numbers) {
    return new Stored(numbers.shape(), numbers::values);
  }
}
