package dev.autoloss.api;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a trainer's process ended, as its exit code says.
 *
 * <p>A pod exits with {@link #RESULT} for every {@link Outcome} that is a result; the command line
 * tells diverged and rejected apart by codes of its own. Codes that are not listed are the
 * trainer's fault or the infrastructure's, told apart by the pod's conditions.
 */
public enum ExitCode {
  /** A result was reported. */
  RESULT(0),
  /** The training diverged; command line only. */
  DIVERGED(10),
  /** The training ended below the accepted AP; command line only. */
  REJECTED(11),
  /** The document is wrong: never retried. */
  DOCUMENT(20),
  /** The data is wrong: never retried, it is the user's to mend. */
  DATA(21),
  /** The accelerator's memory is too small: not retried. */
  MEMORY(22),
  /** Stopped by a signal: repeated without being counted. */
  STOPPED(143);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /**
   * The number that the process exits with.
   *
   * @return 0..255
   */
  public int code() {
    return code;
  }

  /**
   * Finds the meaning of a number.
   *
   * @param code what a process exited with
   * @return its meaning; empty if the number is none of ours
   */
  public static Optional<ExitCode> of(int code) {
    return Arrays.stream(values()).filter(exit -> exit.code == code).findFirst();
  }
}
