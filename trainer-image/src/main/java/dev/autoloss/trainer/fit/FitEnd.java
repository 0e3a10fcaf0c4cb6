package dev.autoloss.trainer.fit;

/** How a training ended. */
public sealed interface FitEnd {
  /** All steps of the schedule were done. */
  record Trained() implements FitEnd {}

  /**
   * The loss, a gradient or a parameter left the numbers that a training can go on with.
   *
   * @param reason one line: what was seen, at which step
   */
  record Diverged(String reason) implements FitEnd {}

  /** The caller asked to stop; the last step is complete. */
  record Stopped() implements FitEnd {}
}
