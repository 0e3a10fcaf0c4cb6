package dev.autoloss.search;

import dev.autoloss.search.evidence.Racing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Who of a generation is trained further. */
final class Promotion {
  private final SearchSpec spec;
  private final SearchState state;
  private final Due due;

  Promotion(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
    this.due = new Due(spec, state);
  }

  /**
   * The simulation only kills: of those that pass, the first are taken as they were proposed. Empty
   * before all of its runs have ended and after the promotion.
   */
  Optional<SearchEvent> afterSimulation(int generation) {
    List<Candidate> candidates = state.generation(generation);
    boolean waits =
        candidates.isEmpty()
            || !due.simulated(candidates.getFirst().id())
            || !state.promotions(generation).isEmpty()
            || !candidates.stream()
                .allMatch(one -> state.outcome(TrialId.simulation(one.id())).isPresent());
    return waits
        ? Optional.empty()
        : Optional.of(
            new SearchEvent.Promoted(
                generation,
                candidates.stream()
                    .map(Candidate::id)
                    .filter(
                        id ->
                            state.outcome(TrialId.simulation(id)).orElseThrow()
                                instanceof TrialOutcome.Scored)
                    .limit(spec.evolution().trained())
                    .toList(),
                spec.firstReplicates()));
  }

  /**
   * A generation whose opened trials have ended races on: the best share of those that had the last
   * replicate get one more. Empty once they have all, or none is left.
   */
  Optional<SearchEvent> race(int generation) {
    List<SearchEvent.Promoted> before = state.promotions(generation);
    int replicates = before.isEmpty() ? spec.firstReplicates() : before.getLast().replicates();
    if (generation == 0
        || spec.procedure().racing() == 1
        || replicates == spec.evolution().replicates()) {
      return Optional.empty();
    }
    List<Candidate> racing =
        before.isEmpty()
            ? state.generation(generation)
            : before.getLast().candidates().stream().map(state::candidate).toList();
    var field = new LinkedHashMap<CandidateId, OptionalDouble>();
    state.ranked(racing).forEach(id -> field.put(id, state.fitness(id)));
    racing.forEach(one -> field.putIfAbsent(one.id(), OptionalDouble.empty()));
    List<CandidateId> best =
        new Racing(spec.procedure().racing(), spec.evolution().replicates()).advancing(field);
    return best.isEmpty()
        ? Optional.empty()
        : Optional.of(new SearchEvent.Promoted(generation, best, replicates + 1));
  }
}
