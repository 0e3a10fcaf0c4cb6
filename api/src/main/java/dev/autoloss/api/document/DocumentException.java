package dev.autoloss.api.document;

import java.util.List;

/** A file that is not a document, with a line for each mistake. */
public final class DocumentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> lines;

  /**
   * Makes an exception.
   *
   * @param lines at least one, each as {@code file:line: field: what was expected, what was found}
   */
  public DocumentException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /**
   * The mistakes.
   *
   * @return one line each, in the order of the file as far as it is known
   */
  public List<String> lines() {
    return lines;
  }
}
