package dev.autoloss.search;

import java.util.HashSet;
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
      case SearchEvent.Recorded recorded -> record(recorded);
      case SearchEvent.Proposed proposed -> propose(proposed);
      case SearchEvent.Sealed sealed -> seal(sealed);
      case SearchEvent.Failed failed -> {
        going("failure");
        failure = Optional.of(failed);
      }
    }
  }

  private void record(SearchEvent.Recorded recorded) {
    TrialId trial = recorded.trial();
    require(candidates.containsKey(trial.candidate()), "outcome of an unknown trial " + trial);
    if (!outcomes.containsKey(trial)) {
      require(
          !survivors.containsKey(trial.candidate().generation()),
          "first outcome of " + trial + " after its generation was sealed");
      outcomes.put(trial, recorded.outcome());
    }
  }

  private void propose(SearchEvent.Proposed proposed) {
    int generation = proposed.generation();
    going("proposal of generation " + generation);
    require(
        generation == funnels.size(),
        "proposal of generation %d in place of %d".formatted(generation, funnels.size()));
    require(!proposed.candidates().isEmpty(), "generation " + generation + " without candidates");
    int slot = 0;
    for (Candidate candidate : proposed.candidates()) {
      var id = new CandidateId(generation, slot++);
      require(candidate.id().equals(id), "candidate " + candidate.id() + " in place of " + id);
      for (CandidateId parent : candidate.parents()) {
        require(
            survivors.containsKey(parent.generation()) && candidates.containsKey(parent),
            "parent " + parent + " of " + id + ", which is unknown or not sealed");
      }
      candidates.put(id, candidate);
    }
    funnels.put(generation, proposed.funnel());
  }

  private void seal(SearchEvent.Sealed sealed) {
    int generation = sealed.generation();
    going("seal of generation " + generation);
    require(
        generation == survivors.size() && funnels.containsKey(generation),
        "seal of generation " + generation + " after " + survivors.size() + " seals");
    for (CandidateId id :
        candidates
            .subMap(new CandidateId(generation, 0), new CandidateId(generation + 1, 0))
            .keySet()) {
      require(
          outcomes.containsKey(new TrialId(id, 0)),
          "seal of generation " + generation + " without an outcome of " + id);
    }
    var known = new HashSet<CandidateId>();
    for (CandidateId id : sealed.survivors()) {
      require(candidates.containsKey(id) && known.add(id), "unknown or repeated survivor " + id);
    }
    survivors.put(generation, sealed.survivors());
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
