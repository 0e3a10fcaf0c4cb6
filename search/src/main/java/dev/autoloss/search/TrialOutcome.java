package dev.autoloss.search;

/** What became of a trial. */
public sealed interface TrialOutcome {
  /**
   * It was trained and measured.
   *
   * @param ap average precision in 0..1
   */
  record Scored(double ap) implements TrialOutcome {
    /**
     * Checks the number: NaN is never a fitness.
     *
     * @throws IllegalArgumentException if it is outside 0..1
     */
    public Scored {
      if (!(ap >= 0 && ap <= 1)) {
        throw new IllegalArgumentException("ap: expected a number in 0..1, found " + ap);
      }
    }
  }

  /** Its loss or weights left the finite numbers. */
  record Diverged() implements TrialOutcome {}

  /** It ended below the accepted AP. */
  record Rejected() implements TrialOutcome {}

  /**
   * No attempt brought a result.
   *
   * @param reason what was seen, for a person
   */
  record Lost(String reason) implements TrialOutcome {}

  /** A user took it away before its result. */
  record Skipped() implements TrialOutcome {}
}
