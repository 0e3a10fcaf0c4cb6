package dev.autoloss.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The search as a function of its results: no clock, no order of arrival, no memory of its own. */
public final class Search {
  private final SearchSpec spec;
  private final List<SearchEvent> events = new ArrayList<>();

  /** What may follow is the same until it does: it is not worked out again at each result. */
  private final Map<Integer, SearchEvent> proposals = new HashMap<>();

  private SearchState state;

  private Search(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
  }

  /**
   * Goes as far as the results allow: records them by trial, seals generations whose trials have
   * all ended, one after another, and proposes those whose parents are sealed. The first call
   * proposes the baseline with the controls (generation 0) and as many generations as the
   * look-ahead says, so that all of these are trained at once. In a generation those that pass the
   * simulation go on to the proxy, and in a race the best of those to further replicates. After the
   * last generation come the finals and, with images for it, the test.
   *
   * <p>A generation's failures are judged when it is sealed and not before, so that the end does
   * not depend on which result came first. A search fails if a generation lost more trials than are
   * borne, if nothing up to a generation was scored, the baseline included, or if no new loss can
   * be proposed. Outcomes are recorded after a failure too.
   *
   * @param spec the search
   * @param state what was decided and seen before
   * @param results outcomes, in any order; those of unknown or recorded trials are ignored
   * @return the new state and the events that led there; no event if nothing new is known
   */
  public static Advance advance(
      SearchSpec spec, SearchState state, Map<TrialId, TrialOutcome> results) {
    var search = new Search(spec, state);
    // Recorded first, so that results delivered again after a crash give the same events again.
    search.record(results);
    do {
      search.decide();
    } while (search.record(results));
    return new Advance(search.state, search.events);
  }

  private boolean record(Map<TrialId, TrialOutcome> results) {
    var recorded = new ArrayList<SearchEvent>();
    for (Trial trial : state.unfinished(spec)) {
      TrialOutcome outcome = results.get(trial.id());
      if (outcome != null) {
        recorded.add(new SearchEvent.Recorded(trial.id(), outcome));
      }
    }
    state = state.applyAll(recorded);
    events.addAll(recorded);
    return !recorded.isEmpty();
  }

  private void decide() {
    for (Optional<SearchEvent> next = next(); next.isPresent(); next = next()) {
      state = state.apply(next.get());
      events.add(next.get());
    }
  }

  /** The decision that is due; empty while the search waits for results or is at its end. */
  private Optional<SearchEvent> next() {
    // Goes on after a failure as records do: which of both came first makes no difference.
    Optional<SearchEvent> promoted = afterSimulation();
    if (promoted.isPresent() || state.failure().isPresent()) {
      return promoted;
    }
    if (state.funnels().isEmpty()) {
      return Optional.of(generationZero());
    }
    if (state.evolved(spec)) {
      return new Finale(spec, state).next();
    }
    int sealed = state.survivors().size();
    int newest = state.generation();
    // Before the seal that may end the search, so that no order of results makes a difference; but
    // what is being trained is worth its end, whether or not anything can follow it.
    if (mayFollow(newest + 1, sealed)) {
      SearchEvent proposal = proposals.computeIfAbsent(newest + 1, this::proposal);
      if (sealed > newest || newest == 0 || proposal instanceof SearchEvent.Proposed) {
        return Optional.of(proposal);
      }
    }
    return ended(sealed) ? Optional.of(close(sealed)) : Optional.empty();
  }

  private Optional<SearchEvent> afterSimulation() {
    return IntStream.rangeClosed(state.survivors().size(), state.generation())
        .mapToObj(new Promotion(spec, state)::afterSimulation)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private boolean mayFollow(int generation, int sealed) {
    int known = generation - spec.evolution().breeding().lookAhead();
    return generation <= spec.evolution().generations()
        && known < Math.max(1, sealed)
        && !state.stagnant(spec);
  }

  private SearchEvent close(int generation) {
    return new Promotion(spec, state.asOf(generation))
        .race(generation)
        .orElseGet(() -> seal(generation));
  }

  private SearchEvent generationZero() {
    var candidates = new ArrayList<Candidate>();
    candidates.add(
        new Candidate(new CandidateId(0, 0), Origin.BASELINE, List.of(), LossPair.DEFAULT));
    for (Control control : spec.procedure().controls()) {
      candidates.add(
          new Candidate(
              new CandidateId(0, candidates.size()),
              Origin.CONTROL,
              List.of(),
              control.losses(),
              control.scaling(),
              Optional.of(control.name())));
    }
    int made = candidates.size();
    return new SearchEvent.Proposed(0, candidates, new Funnel(made, 0, Map.of(), made, made));
  }

  private boolean ended(int generation) {
    return trials(generation).allMatch(state.outcomes()::containsKey);
  }

  private Stream<TrialId> trials(int generation) {
    return new Due(spec, state).evolution(generation);
  }

  private SearchEvent seal(int generation) {
    long lost =
        trials(generation)
            .filter(trial -> state.outcomes().get(trial) instanceof TrialOutcome.Lost)
            .count();
    if (lost > spec.trials().maxFailed()) {
      return new SearchEvent.Failed(
          FailureReason.TOO_MANY_LOST,
          "generation %d lost %d trials, trials.maxFailed is %d"
              .formatted(generation, lost, spec.trials().maxFailed()));
    }
    if (generation == 0) {
      return new SearchEvent.Sealed(0, List.of());
    }
    // Younger ones may have ended already, or not: they are not asked.
    SearchState known = state.asOf(generation);
    if (known.ranking().isEmpty()) {
      return new SearchEvent.Failed(
          FailureReason.NOTHING_TRAINED,
          "no candidate up to generation %d was scored, nor the default losses"
              .formatted(generation));
    }
    return new SearchEvent.Sealed(
        generation,
        Strategy.of(spec.evolution().breeding().strategy()).survivors(spec, known, generation));
  }

  private SearchEvent proposal(int generation) {
    SearchEvent.Proposed proposed = new Proposal(spec, state, generation).propose();
    return proposed.candidates().isEmpty()
        ? exhausted(generation, proposed.funnel())
        : calibrated(proposed);
  }

  private SearchEvent calibrated(SearchEvent.Proposed proposed) {
    return spec.procedure()
        .calibration()
        .map(
            calibration ->
                new SearchEvent.Proposed(
                    proposed.generation(),
                    proposed.candidates().stream()
                        .map(one -> one.scaled(calibration.of(one.losses(), spec.classification())))
                        .toList(),
                    proposed.funnel()))
        .orElse(proposed);
  }

  private static SearchEvent exhausted(int generation, Funnel funnel) {
    return new SearchEvent.Failed(
        FailureReason.SPACE_EXHAUSTED,
        "none of %d losses generated for generation %d was new and passed the gates"
                .formatted(funnel.generated(), generation)
            + ", %d known, rejected %s".formatted(funnel.duplicates(), funnel.rejected()));
  }
}
