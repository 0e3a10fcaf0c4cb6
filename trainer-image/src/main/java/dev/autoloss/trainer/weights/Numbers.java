package dev.autoloss.trainer.weights;

import java.util.Arrays;

/**
 * The numbers of one tensor of a file.
 *
 * @param shape sizes of its dimensions, none for a single number
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays by design: never compared, never a key.
public record Numbers(long[] shape, float[] values) {
  /** For messages: {@code 64 × 3 × 7 × 7}, or {@code one number}. */
  String shapeText() {
    return shape.length == 0
        ? "one number"
        : String.join(" × ", Arrays.stream(shape).mapToObj(Long::toString).toList());
  }
}
