package dev.autoloss.trainer.tensor;

import java.util.OptionalInt;

/**
 * Where and with what numbers an engine computes.
 *
 * @param gpu number of the GPU, or empty for CPU
 * @param threads threads of an operation on CPU, at least 1
 * @param numbers of convolutions and linear maps
 */
public record Placement(OptionalInt gpu, int threads, Numbers numbers) {
  /** Numbers that convolutions and linear maps compute with; all that is kept is single. */
  public enum Numbers {
    /** Single precision. */
    SINGLE,
    /** The upper half of single precision, eight bits of mantissa; sums are single. */
    BRAIN
  }
}
