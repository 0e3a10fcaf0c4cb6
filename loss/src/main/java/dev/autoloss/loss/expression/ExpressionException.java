package dev.autoloss.loss.expression;

/** A text that is not an expression of its branch; the message is one line that says why. */
public final class ExpressionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int offset;

  ExpressionException(int offset, String problem) {
    super("at offset " + offset + ": " + problem);
    this.offset = offset;
  }

  /**
   * Where reading stopped.
   *
   * @return index of the first wrong character, from 0 to the length of the text
   */
  public int offset() {
    return offset;
  }
}
