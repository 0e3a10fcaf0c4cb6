package dev.autoloss.trainer.data;

/** The data is wrong, which its owner must mend: the message names file, field and expectation. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message one line: file, field or offset, what was expected
   */
  public DataException(String message) {
    super(message);
  }
}
