package dev.autoloss.operator.ledger;

/** A ledger that must not be gone on from; the message is one line that says what is wrong. */
public final class DamagedLedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String line;

  /**
   * Tells of a damage.
   *
   * @param line what is wrong, with the segment's name or index
   */
  public DamagedLedgerException(String line) {
    super(line);
    this.line = line;
  }

  /**
   * What to tell a person.
   *
   * @return one line
   */
  public String line() {
    return line;
  }
}
