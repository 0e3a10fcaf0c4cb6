package dev.autoloss.search;

import java.util.List;
import java.util.random.RandomGenerator;

/** Drawing through the same gates, blind to every score: what evolution has to be better than. */
record RandomSearch() implements Strategy {
  @Override
  public boolean screened() {
    return true;
  }

  @Override
  public List<CandidateId> survivors(SearchSpec spec, SearchState state, int generation) {
    return List.of();
  }

  @Override
  public Child child(Breeder breeder, RandomGenerator random) {
    return breeder.drawn(breeder.earlier(random), random);
  }
}
