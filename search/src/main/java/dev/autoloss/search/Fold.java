package dev.autoloss.search;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The fold of events into a state, on maps of its own. */
final class Fold {
  private final NavigableMap<CandidateId, Candidate> candidates;
  private final NavigableMap<Integer, Funnel> funnels;
  private final NavigableMap<TrialId, TrialOutcome> outcomes;
  private final NavigableMap<Integer, List<CandidateId>> survivors;
  private Optional<SearchEvent.Failed> failure;

  Fold(SearchState start) {
    this.candidates = new TreeMap<>(start.candidates());
    this.funnels = new TreeMap<>(start.funnels());
    this.outcomes = new TreeMap<>(start.outcomes());
    this.survivors = new TreeMap<>(start.survivors());
    this.failure = start.failure();
  }

  SearchState state() {
    return new SearchState(candidates, funnels, outcomes, survivors, failure);
  }

  void take(SearchEvent event) {
    switch (event) {
      case SearchEvent.Recorded(var trial, var outcome) -> {
        require(candidates.containsKey(trial.candidate()), "outcome of an unknown trial " + trial);
        outcomes.putIfAbsent(trial, outcome);
      }
      case SearchEvent.Proposed proposed -> propose(proposed);
      case SearchEvent.Sealed(var generation, var best) -> {
        going("generation " + generation + " sealed");
        require(funnels.containsKey(generation), "unknown generation " + generation + " sealed");
        require(!survivors.containsKey(generation), "generation " + generation + " sealed twice");
        best.forEach(id -> require(candidates.containsKey(id), "unknown survivor " + id));
        survivors.put(generation, best);
      }
      case SearchEvent.Failed failed -> {
        going("failed");
        failure = Optional.of(failed);
      }
    }
  }

  private void propose(SearchEvent.Proposed proposed) {
    int expected = funnels.isEmpty() ? 0 : funnels.lastKey() + 1;
    going("generation " + proposed.generation() + " proposed");
    require(
        proposed.generation() == expected,
        "generation %d proposed in place of %d".formatted(proposed.generation(), expected));
    int slot = 0;
    for (Candidate candidate : proposed.candidates()) {
      var id = new CandidateId(expected, slot++);
      require(candidate.id().equals(id), "candidate " + candidate.id() + " in place of " + id);
      candidates.put(id, candidate);
    }
    funnels.put(expected, proposed.funnel());
  }

  private void going(String what) {
    require(failure.isEmpty(), what + " after the search had failed");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("events out of order: " + otherwise);
    }
  }
}
