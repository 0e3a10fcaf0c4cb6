package dev.autoloss.loss.gate;

/** What the gates say of a loss. */
public sealed interface Verdict {
  /** The loss passes every gate of its branch. */
  record Accepted() implements Verdict {}

  /**
   * The loss fails.
   *
   * @param gate the first gate that it fails
   * @param reason a sentence that names the points and the numbers
   */
  record Rejected(Gate gate, String reason) implements Verdict {}
}
