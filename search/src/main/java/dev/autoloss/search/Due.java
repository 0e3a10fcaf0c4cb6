package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which trials a search has opened: those of proposals, promotions and choices. */
final class Due {
  private final SearchSpec spec;
  private final SearchState state;

  Due(SearchSpec spec, SearchState state) {
    this.spec = spec;
    this.state = state;
  }

  /**
   * The order in which trials of a search are opened. Of those that are opened together, replicates
   * of a candidate follow each other; in a race a replicate is opened after all of the one before.
   */
  static Comparator<TrialId> order(SearchSpec spec) {
    boolean racing = spec.procedure().racing() < 1;
    return Comparator.comparing((TrialId trial) -> lap(trial.stage()))
        .thenComparingInt(trial -> trial.candidate().generation())
        .thenComparing(TrialId::stage)
        .thenComparingInt(
            trial -> racing && trial.candidate().generation() > 0 ? trial.replicate() : 0)
        .thenComparing(TrialId::candidate)
        .thenComparingInt(TrialId::replicate);
  }

  private static Stage lap(Stage stage) {
    return stage.afterEvolution() ? stage : Stage.PROXY;
  }

  /** All trials of the search so far, in their order. */
  List<Trial> all() {
    return trials(state.candidates().values());
  }

  /** Those without an outcome, in their order: none in a sealed generation. */
  List<Trial> unfinished() {
    var candidates = new ArrayList<Candidate>();
    for (int generation : state.funnels().keySet()) {
      if (!state.survivors().containsKey(generation)) {
        candidates.addAll(state.generation(generation));
      }
    }
    List<Trial> trials = trials(candidates);
    trials.removeIf(trial -> state.outcomes().containsKey(trial.id()));
    return trials;
  }

  /** Trials of these in their generations, and all of later stages. */
  private List<Trial> trials(Collection<Candidate> candidates) {
    var trials = new ArrayList<Trial>();
    for (Candidate candidate : candidates) {
      evolution(candidate).map(id -> trial(candidate, id)).forEach(trials::add);
    }
    for (Stage stage : state.chosen().keySet()) {
      after(stage).map(id -> trial(state.candidate(id.candidate()), id)).forEach(trials::add);
    }
    trials.sort(Comparator.comparing(Trial::id, order(spec)));
    return trials;
  }

  private Trial trial(Candidate candidate, TrialId id) {
    long seed = TrialSeeds.of(spec.seed(), id.stage(), id.replicate());
    return new Trial(id, candidate.losses(), candidate.scaling(), seed);
  }

  /** Trials of a candidate in its generation. */
  Stream<TrialId> evolution(Candidate candidate) {
    CandidateId id = candidate.id();
    Stream<TrialId> proxies =
        IntStream.range(0, replicates(id)).mapToObj(replicate -> TrialId.proxy(id, replicate));
    return simulated(id) ? Stream.concat(Stream.of(TrialId.simulation(id)), proxies) : proxies;
  }

  /** Trials of a generation. */
  Stream<TrialId> evolution(int generation) {
    return state.generation(generation).stream().flatMap(this::evolution);
  }

  /** Trials of a stage after the evolution; none before it is opened. */
  Stream<TrialId> after(Stage stage) {
    int seeds = spec.procedure().finals().map(Finals::seeds).orElse(0);
    return state.chosen(stage).stream()
        .flatMap(
            id ->
                IntStream.range(0, seeds).mapToObj(replicate -> new TrialId(id, stage, replicate)));
  }

  boolean simulated(CandidateId candidate) {
    return candidate.generation() > 0 && spec.procedure().simulated().isPresent();
  }

  /** Proxy trainings that a candidate has been granted; the default pair and controls have all. */
  int replicates(CandidateId candidate) {
    if (candidate.generation() == 0) {
      return spec.evolution().replicates();
    }
    int granted = simulated(candidate) ? 0 : spec.firstReplicates();
    for (SearchEvent.Promoted promoted : state.promotions(candidate.generation())) {
      if (promoted.candidates().contains(candidate)) {
        granted = promoted.replicates();
      }
    }
    return granted;
  }
}
