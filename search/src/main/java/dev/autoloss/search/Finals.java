package dev.autoloss.search;

/**
 * The last rung: the best losses and what they have to beat, trained with seeds that have selected
 * nothing.
 *
 * @param count best losses that enter, at least 1
 * @param seeds trainings of each, at least 2, for one score has no spread
 * @param controls best controls of generation 0 that enter beside the default pair
 * @param test true if the dataset has a part for the verdict: the best finalist, the default pair
 *     and the strongest control are then trained once more, with seeds of their own, and measured
 *     there
 */
public record Finals(int count, int seeds, int controls, boolean test) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is too small or larger than a name holds
   */
  public Finals {
    Numbers.between("finalists.count", count, 1, CandidateId.MOST);
    Numbers.between("finalists.seeds", seeds, 2, CandidateId.MOST);
    Numbers.atLeast("finalists.controls", controls, 0);
  }
}
