package dev.autoloss.operator.ledger;

/** A ledger that must not be gone on from; the message is one line that says what is wrong. */
public final class DamagedLedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String line;
  private final boolean newer;

  /**
   * Tells of a damage.
   *
   * @param line what is wrong, with the segment's name or index
   */
  public DamagedLedgerException(String line) {
    this(line, false);
  }

  private DamagedLedgerException(String line, boolean newer) {
    super(line);
    this.line = line;
    this.newer = newer;
  }

  /** Tells of a ledger that a newer version of the operator has gone on with. */
  static DamagedLedgerException newer(String line) {
    return new DamagedLedgerException(line, true);
  }

  /**
   * Whether a newer operator can read what this one can't.
   *
   * @return false for a damage
   */
  public boolean newer() {
    return newer;
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
