package dev.autoloss.search;

import java.util.List;

/**
 * A pair that was made.
 *
 * @param origin how; of two edits of a seed the first
 * @param parents what it was bred from; empty if it was made from no candidate
 * @param losses the pair
 */
record Child(Origin origin, List<CandidateId> parents, LossPair losses) {
  Child {
    parents = List.copyOf(parents);
  }
}
