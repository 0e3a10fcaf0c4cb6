package dev.autoloss.search;

import java.util.List;
import java.util.Optional;

/**
 * A loss pair that is trained.
 *
 * @param id its name
 * @param origin how it came to be
 * @param parents what it was bred from; empty for baseline, controls, initial and random ones
 * @param losses the pair
 * @param scaling what it is trained with
 * @param control name of the control that it is; empty for all others
 */
public record Candidate(
    CandidateId id,
    Origin origin,
    List<CandidateId> parents,
    LossPair losses,
    Scaling scaling,
    Optional<String> control) {
  /** Copies the parents. */
  public Candidate {
    parents = List.copyOf(parents);
  }

  /**
   * A pair that is trained as it is.
   *
   * @param id its name
   * @param origin how it came to be
   * @param parents what it was bred from
   * @param losses the pair
   */
  public Candidate(CandidateId id, Origin origin, List<CandidateId> parents, LossPair losses) {
    this(id, origin, parents, losses, Scaling.NONE, Optional.empty());
  }

  Candidate scaled(Scaling by) {
    return new Candidate(id, origin, parents, losses, by, control);
  }
}
