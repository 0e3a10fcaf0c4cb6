package dev.autoloss.search;

import java.util.ArrayList;
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
  private final NavigableMap<Integer, List<SearchEvent.Promoted>> promotions;
  private final NavigableMap<Integer, List<CandidateId>> survivors;
  private final NavigableMap<Stage, List<CandidateId>> chosen;
  private Optional<SearchEvent.Failed> failure;

  Fold(SearchState start) {
    this.candidates = new TreeMap<>(start.candidates());
    this.funnels = new TreeMap<>(start.funnels());
    this.outcomes = new TreeMap<>(start.outcomes());
    this.promotions = new TreeMap<>(start.promotions());
    this.survivors = new TreeMap<>(start.survivors());
    this.chosen = new TreeMap<>(start.chosen());
    this.failure = start.failure();
  }

  SearchState state() {
    return new SearchState(candidates, funnels, outcomes, promotions, survivors, chosen, failure);
  }

  void take(SearchEvent event) {
    switch (event) {
      case SearchEvent.Recorded recorded -> record(recorded);
      case SearchEvent.Proposed proposed -> propose(proposed);
      case SearchEvent.Promoted promoted -> promote(promoted);
      case SearchEvent.Sealed sealed -> seal(sealed);
      case SearchEvent.Chosen choice -> choose(choice);
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
      if (trial.stage().afterEvolution()) {
        require(
            chosen.getOrDefault(trial.stage(), List.of()).contains(trial.candidate()),
            "outcome of " + trial + ", which was not chosen");
      } else {
        require(
            !survivors.containsKey(trial.candidate().generation()),
            "first outcome of " + trial + " after its generation was sealed");
      }
      outcomes.put(trial, recorded.outcome());
    }
  }

  private void propose(SearchEvent.Proposed proposed) {
    int generation = proposed.generation();
    going("proposal of generation " + generation);
    require(chosen.isEmpty(), "proposal of generation " + generation + " after the finals began");
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
      TrialId first = outcomes.ceilingKey(TrialId.simulation(id));
      require(
          first != null && first.candidate().equals(id),
          "seal of generation " + generation + " without an outcome of " + id);
    }
    var known = new HashSet<CandidateId>();
    for (CandidateId id : sealed.survivors()) {
      require(candidates.containsKey(id) && known.add(id), "unknown or repeated survivor " + id);
    }
    survivors.put(generation, sealed.survivors());
  }

  /** Each promotion is of some of those that the one before took, and to more replicates. */
  private void promote(SearchEvent.Promoted promoted) {
    int generation = promoted.generation();
    String what = "promotion in generation " + generation;
    require(
        generation > 0 && funnels.containsKey(generation) && !survivors.containsKey(generation),
        what + ", which is not at work");
    List<SearchEvent.Promoted> before = promotions.getOrDefault(generation, List.of());
    int replicates = before.isEmpty() ? 0 : before.getLast().replicates();
    require(promoted.replicates() > replicates, what + " to fewer replicates");
    var known = new HashSet<CandidateId>();
    for (CandidateId id : promoted.candidates()) {
      boolean there =
          before.isEmpty()
              ? id.generation() == generation && candidates.containsKey(id)
              : before.getLast().candidates().contains(id);
      require(there && known.add(id), what + " of " + id + ", which is not at work");
    }
    var all = new ArrayList<>(before);
    all.add(promoted);
    promotions.put(generation, List.copyOf(all));
  }

  private void choose(SearchEvent.Chosen choice) {
    Stage stage = choice.stage();
    going("choice for the stage " + stage);
    require(
        stage.afterEvolution() && !funnels.isEmpty() && survivors.size() == funnels.size(),
        "choice for the stage " + stage + " before the last generation was sealed");
    require(
        !chosen.containsKey(stage) && (stage == Stage.FINAL || chosen.containsKey(Stage.FINAL)),
        "choice for the stage " + stage + " out of turn");
    var known = new HashSet<CandidateId>();
    for (CandidateId id : choice.candidates()) {
      boolean there =
          stage == Stage.FINAL
              ? candidates.containsKey(id)
              : chosen.getOrDefault(Stage.FINAL, List.of()).contains(id);
      require(there && known.add(id), "unknown or repeated choice " + id);
    }
    chosen.put(stage, choice.candidates());
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
