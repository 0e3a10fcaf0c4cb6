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
   * Candidates of a generation got further proxy trainings. That of a simulation may follow a
   * failure of the search, as results may.
   *
   * @param generation its number
   * @param candidates those that go on, best first where they were ranked; empty if all fell
   * @param replicates proxy trainings that each of them has in all
   */
  record Promoted(int generation, List<CandidateId> candidates, int replicates)
      implements SearchEvent {
    /** Copies the candidates. */
    public Promoted {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * The evolution is over, and candidates enter a stage after it.
   *
   * @param stage finals or test
   * @param candidates the losses, best first, then the default pair, then controls, best first;
   *     empty if no loss has a fitness
   */
  record Chosen(Stage stage, List<CandidateId> candidates) implements SearchEvent {
    /** Copies the candidates. */
    public Chosen {
      candidates = List.copyOf(candidates);
    }
  }

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
