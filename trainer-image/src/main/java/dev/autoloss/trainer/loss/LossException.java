package dev.autoloss.trainer.loss;

/** A loss of a document cannot be read; the message is one line: field, offset, expectation. */
public final class LossException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LossException(String message) {
    super(message);
  }
}
