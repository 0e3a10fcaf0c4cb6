package dev.autoloss.search;

import java.util.List;
import java.util.random.RandomGenerator;

/** {@link Generational} without gates: what the paper measures its speed against. */
record Vanilla() implements Strategy {
  private static final Generational EVOLUTION = new Generational();

  @Override
  public boolean screened() {
    return false;
  }

  @Override
  public List<CandidateId> survivors(SearchSpec spec, SearchState state, int generation) {
    return EVOLUTION.survivors(spec, state, generation);
  }

  @Override
  public Child child(Breeder breeder, RandomGenerator random) {
    return EVOLUTION.child(breeder, random);
  }
}
