package dev.autoloss.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The search as a function of its results: no clock, no order of arrival, no memory of its own. */
public final class Search {
  private final SearchSpec spec;
  private final List<SearchEvent> events = new ArrayList<>();
  private SearchState state;

  private Search(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
  }

  /**
   * Goes as far as the results allow: records them, seals generations whose trials have all ended,
   * proposes the next. The first call proposes the baseline (generation 0) and generation 1.
   *
   * @param spec the search
   * @param state what was decided and seen before
   * @param results outcomes, in any order; those of unknown or recorded trials are ignored
   * @return the new state and the events that led there; no event if nothing new is known
   */
  public static Advance advance(
      SearchSpec spec, SearchState state, Map<TrialId, TrialOutcome> results) {
    var search = new Search(spec, state);
    search.start();
    search.record(results);
    while (search.state.failure().isEmpty() && search.sealOne()) {
      search.proposeNext();
    }
    search.proposeNext();
    return new Advance(search.state, search.events);
  }

  private void take(SearchEvent event) {
    state = state.apply(event);
    events.add(event);
  }

  private void start() {
    if (state.candidates().isEmpty() && state.failure().isEmpty()) {
      var baseline =
          new Candidate(new CandidateId(0, 0), Origin.BASELINE, List.of(), LossPair.DEFAULT);
      take(new SearchEvent.Proposed(0, List.of(baseline), new Funnel(1, 0, Map.of(), 1, 1)));
      proposeNext();
    }
  }

  private void record(Map<TrialId, TrialOutcome> results) {
    SortedMap<TrialId, TrialOutcome> ordered = new TreeMap<>(results);
    var recorded = new ArrayList<SearchEvent>();
    for (Trial trial : state.unfinished(spec)) {
      TrialOutcome outcome = ordered.get(trial.id());
      if (outcome != null) {
        recorded.add(new SearchEvent.Recorded(trial.id(), outcome));
      }
    }
    state = state.applyAll(recorded);
    events.addAll(recorded);
  }

  private boolean sealOne() {
    for (int generation = 0; generation <= state.generation(); generation++) {
      if (!state.survivors().containsKey(generation) && ended(generation)) {
        seal(generation);
        return true;
      }
    }
    return false;
  }

  private boolean ended(int generation) {
    return state.funnels().containsKey(generation)
        && trials(generation).allMatch(trial -> state.outcomes().containsKey(trial));
  }

  private Stream<TrialId> trials(int generation) {
    return state.generation(generation).stream()
        .flatMap(
            candidate ->
                Stream.iterate(0, replicate -> replicate + 1)
                    .limit(spec.evolution().replicates())
                    .map(replicate -> new TrialId(candidate.id(), replicate)));
  }

  /** A failure is decided when the generation closes, so that it does not depend on arrival. */
  private void seal(int generation) {
    long lost =
        trials(generation)
            .filter(trial -> state.outcomes().get(trial) instanceof TrialOutcome.Lost)
            .count();
    if (lost > spec.trials().maxFailed()) {
      take(
          new SearchEvent.Failed(
              FailureReason.TOO_MANY_LOST,
              "generation %d lost %d trials, %d are borne"
                  .formatted(generation, lost, spec.trials().maxFailed())));
      return;
    }
    List<CandidateId> best = generation == 0 ? List.of() : survivors(generation);
    if (generation > 0 && best.isEmpty()) {
      take(
          new SearchEvent.Failed(
              FailureReason.NOTHING_TRAINED,
              "no candidate up to generation " + generation + " was scored"));
      return;
    }
    take(new SearchEvent.Sealed(generation, best));
  }

  /** The best of this generation and of the survivors before it: a good parent is not forgotten. */
  private List<CandidateId> survivors(int generation) {
    var among = new ArrayList<>(state.generation(generation));
    state
        .survivors()
        .getOrDefault(generation - 1, List.of())
        .forEach(id -> among.add(state.candidate(id)));
    return state.ranked(among).stream().limit(spec.evolution().parents()).toList();
  }

  private void proposeNext() {
    int next = state.generation() + 1;
    boolean due = next == 1 || state.survivors().containsKey(next - 1);
    if (state.failure().isPresent() || !due || next > spec.evolution().generations()) {
      return;
    }
    SearchEvent.Proposed proposed = new Proposal(spec, state, next).propose();
    take(
        proposed.candidates().isEmpty()
            ? new SearchEvent.Failed(
                FailureReason.SPACE_EXHAUSTED,
                "none of %d losses generated for generation %d was new and passed the gates"
                    .formatted(proposed.funnel().generated(), next))
            : proposed);
  }
}
