package dev.autoloss.search;

/**
 * What a search bears of its trials.
 *
 * @param maxFailed lost trials of a generation that are borne
 */
public record Trials(int maxFailed) {
  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Trials {
    Numbers.atLeast("trials.maxFailed", maxFailed, 0);
  }
}
