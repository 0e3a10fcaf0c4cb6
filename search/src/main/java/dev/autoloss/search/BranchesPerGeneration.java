package dev.autoloss.search;

/** Which of the searched branches a generation varies. */
public enum BranchesPerGeneration {
  /** All of them: each child varies one or both. */
  JOINT,
  /**
   * One, in turn, from the first in order of declaration; the other comes whole from the parent.
   */
  ALTERNATING
}
