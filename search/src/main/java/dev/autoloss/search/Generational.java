package dev.autoloss.search;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Truncation, as published: the top P so far, and a small tournament among them. */
record Generational() implements Strategy {
  /** Survivors that meet; the best of them is a parent. */
  private static final int TOURNAMENT = 2;

  @Override
  public boolean screened() {
    return true;
  }

  /** The best of this generation and of the survivors before it: a good parent is not forgotten. */
  @Override
  public List<CandidateId> survivors(SearchSpec spec, SearchState state, int generation) {
    var among = new ArrayList<>(state.generation(generation));
    state.survivors(generation - 1).forEach(id -> among.add(state.candidate(id)));
    return state.ranked(among).stream().limit(spec.evolution().parents()).toList();
  }

  @Override
  public Child child(Breeder breeder, RandomGenerator random) {
    return breeder.survivors().isEmpty()
        ? breeder.seeded(random)
        : breeder.bred(
            breeder.parent(TOURNAMENT, random), breeder.parent(TOURNAMENT, random), random);
  }
}
