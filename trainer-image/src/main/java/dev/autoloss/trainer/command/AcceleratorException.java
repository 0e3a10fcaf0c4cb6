package dev.autoloss.trainer.command;

/** The accelerator that the document asks for is not there. */
final class AcceleratorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AcceleratorException(String message) {
    super(message);
  }
}
