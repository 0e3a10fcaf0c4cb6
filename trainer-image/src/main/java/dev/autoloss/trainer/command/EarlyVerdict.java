package dev.autoloss.trainer.command;

import java.util.function.BooleanSupplier;

/**
 * Ends a simulation as soon as its verdict is certain. It asks whether a loss can learn a few
 * images by heart; what has passed once has passed, however it would go on. That a loss fails is
 * certain at the end alone.
 */
final class EarlyVerdict {
  /** Looks, of which the last is the end of the training. */
  private static final int LOOKS = 10;

  private final int steps;
  private final int interval;
  private final BooleanSupplier passes;
  private int done;

  /**
   * Starts watching.
   *
   * @param done steps that are done already
   * @param steps of the whole training
   * @param passes measures; asked now and then
   */
  EarlyVerdict(int done, int steps, BooleanSupplier passes) {
    this.done = done;
    this.steps = steps;
    this.interval = Math.max(1, steps / LOOKS);
    this.passes = passes;
  }

  /** Counts a step; at some, measures. */
  boolean isCertainAfterAnotherStep() {
    done++;
    return done % interval == 0 && done < steps && passes.getAsBoolean();
  }
}
