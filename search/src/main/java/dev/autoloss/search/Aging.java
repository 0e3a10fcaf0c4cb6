package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Regularised evolution (Real et al., AAAI 2019): a loss dies of age and not of its score, so one
 * that was lucky once is bred from for a while only.
 */
record Aging() implements Strategy {
  /** Part of the living that meet in a tournament; 25 of 100 in the source. */
  private static final double TOURNAMENT = 0.25;

  @Override
  public boolean screened() {
    return true;
  }

  /** The youngest that have a fitness; those of this generation and of the living before it. */
  @Override
  public List<CandidateId> survivors(SearchSpec spec, SearchState state, int generation) {
    var among = new ArrayList<>(state.generation(generation));
    state.survivors(generation - 1).forEach(id -> among.add(state.candidate(id)));
    List<Candidate> youngest =
        state.ranked(among).stream()
            .sorted(Comparator.reverseOrder())
            .limit(spec.evolution().breeding().population())
            .map(state::candidate)
            .toList();
    return state.ranked(youngest);
  }

  @Override
  public Child child(Breeder breeder, RandomGenerator random) {
    int living = breeder.survivors().size();
    if (living == 0) {
      return breeder.seeded(random);
    }
    int meeting = Math.max(2, (int) Math.round(TOURNAMENT * living));
    return breeder.bred(breeder.parent(meeting, random), breeder.parent(meeting, random), random);
  }
}
