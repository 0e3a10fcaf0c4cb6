package dev.autoloss.search;

/** Why a search cannot go on. */
public enum FailureReason {
  /** No new loss passes the gates. */
  SPACE_EXHAUSTED,
  /** A generation lost more trials than are borne. */
  TOO_MANY_LOST,
  /** No trial of a generation brought a score. */
  NOTHING_TRAINED
}
