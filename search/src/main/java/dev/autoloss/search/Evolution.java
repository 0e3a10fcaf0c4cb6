package dev.autoloss.search;

import java.util.List;

/**
 * How losses evolve. The paper's numbers are not published: all are a choice of the user's.
 *
 * @param generations generations to train, at least 1
 * @param candidates most pairs generated for a generation, before screening
 * @param trained pairs of a generation that are trained (top K), at least 1
 * @param parents best pairs that the next generation is bred from (top P), at least 1
 * @param replicates trainings of each candidate, at least 1
 * @param rates how often each variation is chosen
 * @param initial pairs of the first population; a branch that is searched and empty there stands
 *     for the detector's default loss, one that is not searched is not looked at, and pairs outside
 *     the space are left out
 * @param breeding whom they are bred from, and when
 */
public record Evolution(
    int generations,
    int candidates,
    int trained,
    int parents,
    int replicates,
    VariationRates rates,
    List<LossPair> initial,
    Breeding breeding) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is too small or larger than a name holds, or they do
   *     not fit each other
   */
  public Evolution {
    Numbers.between("evolution.generations", generations, 1, CandidateId.MOST);
    Numbers.between("evolution.trained", trained, 1, CandidateId.MOST);
    Numbers.atLeast("evolution.parents", parents, 1);
    Numbers.between("evolution.replicates", replicates, 1, CandidateId.MOST);
    if (candidates < trained) {
      throw new IllegalArgumentException(
          "evolution.candidates: expected at least evolution.trained, which is %d, found %d"
              .formatted(trained, candidates));
    }
    initial = List.copyOf(initial);
  }
}
