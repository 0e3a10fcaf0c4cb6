package dev.autoloss.operator.losssearch;

/** Another operator has written to the ledger: what was decided is void. */
final class ConcurrentWriterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConcurrentWriterException(String segment) {
    super(segment + " was written by another operator: deciding anew");
  }
}
