package dev.autoloss.search;

import java.util.List;

/**
 * A loss pair that is trained.
 *
 * @param id its name
 * @param origin how it came to be
 * @param parents what it was bred from; empty for baseline, initial and random ones
 * @param losses the pair
 */
public record Candidate(CandidateId id, Origin origin, List<CandidateId> parents, LossPair losses) {
  /** Copies the parents. */
  public Candidate {
    parents = List.copyOf(parents);
  }
}
