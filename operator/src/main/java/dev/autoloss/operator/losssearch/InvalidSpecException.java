package dev.autoloss.operator.losssearch;

import java.util.List;

/** A LossSearch that the schema lets pass and that makes no sense; one line for each mistake. */
public final class InvalidSpecException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A list of strings as List.copyOf makes it is serialisable.
  private final List<String> lines;

  /**
   * Tells of mistakes.
   *
   * @param lines field path, colon, what was expected; not empty
   */
  public InvalidSpecException(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /**
   * The mistakes.
   *
   * @return one line each, with the path of the field
   */
  public List<String> lines() {
    return lines;
  }
}
