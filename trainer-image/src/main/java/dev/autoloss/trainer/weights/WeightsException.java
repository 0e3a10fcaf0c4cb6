package dev.autoloss.trainer.weights;

/** A file of weights cannot be used: the message is one line, file, place and expectation. */
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message one line
   */
  public WeightsException(String message) {
    super(message);
  }
}
