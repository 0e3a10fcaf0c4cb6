package dev.autoloss.trainer.fit;

/** A training document asks for what cannot be: the message names field, offset and expectation. */
public final class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message one line: field of the document, offset, what was expected
   */
  public DocumentException(String message) {
    super(message);
  }
}
