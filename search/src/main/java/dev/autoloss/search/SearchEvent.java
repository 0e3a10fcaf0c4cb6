package dev.autoloss.search;

import java.util.List;

/** A decision or observation of a search; the events in their order are the search. */
public sealed interface SearchEvent {
  /**
   * A generation was proposed.
   *
   * @param generation its number
   * @param candidates its candidates, by slot
   * @param funnel how they were screened
   */
  record Proposed(int generation, List<Candidate> candidates, Funnel funnel)
      implements SearchEvent {
    /** Copies the candidates. */
    public Proposed {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * A trial ended.
   *
   * @param trial which
   * @param outcome what became of it
   */
  record Recorded(TrialId trial, TrialOutcome outcome) implements SearchEvent {}

  /**
   * A generation closed.
   *
   * @param generation its number
   * @param survivors what the next one is bred from, best first
   */
  record Sealed(int generation, List<CandidateId> survivors) implements SearchEvent {
    /** Copies the survivors. */
    public Sealed {
      survivors = List.copyOf(survivors);
    }
  }

  /**
   * The search cannot go on.
   *
   * @param reason why
   * @param message for a person
   */
  record Failed(FailureReason reason, String message) implements SearchEvent {}
}
