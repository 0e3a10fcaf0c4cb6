package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * All that a search has decided and seen: its events folded. Immutable, compared by value, and the
 * same for the same decisions and results in whatever order the results came.
 *
 * @param candidates all that were proposed
 * @param funnels screening of each proposed generation
 * @param outcomes what became of the trials that ended
 * @param survivors of each sealed generation, best first
 * @param failure why it cannot go on
 */
public record SearchState(
    NavigableMap<CandidateId, Candidate> candidates,
    NavigableMap<Integer, Funnel> funnels,
    NavigableMap<TrialId, TrialOutcome> outcomes,
    NavigableMap<Integer, List<CandidateId>> survivors,
    Optional<SearchEvent.Failed> failure) {
  private static final SearchState EMPTY =
      new SearchState(
          new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Optional.empty());

  /** Copies the maps. */
  public SearchState {
    candidates = Collections.unmodifiableNavigableMap(new TreeMap<>(candidates));
    funnels = Collections.unmodifiableNavigableMap(new TreeMap<>(funnels));
    outcomes = Collections.unmodifiableNavigableMap(new TreeMap<>(outcomes));
    survivors = Collections.unmodifiableNavigableMap(new TreeMap<>(survivors));
  }

  /**
   * The state before the first event.
   *
   * @return always the same
   */
  public static SearchState empty() {
    return EMPTY;
  }

  /**
   * Folds an event.
   *
   * @param event what was decided or seen
   * @return the state after it
   * @throws IllegalStateException as {@link #applyAll} does
   */
  public SearchState apply(SearchEvent event) {
    return applyAll(List.of(event));
  }

  /**
   * Folds events. An outcome for a trial that has one changes nothing: the first stands.
   *
   * @param events in their order
   * @return the state after them
   * @throws IllegalStateException if an event cannot stand after the ones before: a generation
   *     proposed or sealed out of turn or without its candidates' outcomes, an outcome, parent or
   *     survivor that nobody proposed, a first outcome in a sealed generation, anything but an
   *     outcome after the failure. Such a sequence is damaged and is not guessed at.
   */
  public SearchState applyAll(List<SearchEvent> events) {
    var fold = new Fold(this);
    events.forEach(fold::take);
    return fold.state();
  }

  /**
   * The newest generation.
   *
   * @return 0 before the first is proposed
   */
  public int generation() {
    return funnels.isEmpty() ? 0 : funnels.lastKey();
  }

  /**
   * How a generation was screened.
   *
   * @param generation its number
   * @return the counts; empty if it was not proposed
   */
  public Optional<Funnel> funnel(int generation) {
    return Optional.ofNullable(funnels.get(generation));
  }

  /**
   * A candidate by its name.
   *
   * @param id which
   * @return the candidate
   * @throws IllegalArgumentException if nobody proposed it
   */
  public Candidate candidate(CandidateId id) {
    Candidate candidate = candidates.get(id);
    if (candidate == null) {
      throw new IllegalArgumentException("unknown candidate " + id);
    }
    return candidate;
  }

  /**
   * What became of a trial.
   *
   * @param trial which
   * @return the outcome; empty if it has not ended
   */
  public Optional<TrialOutcome> outcome(TrialId trial) {
    return Optional.ofNullable(outcomes.get(trial));
  }

  /**
   * The default pair.
   *
   * @return empty before the first advance
   */
  public Optional<CandidateId> baseline() {
    return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.firstKey());
  }

  /**
   * Trials without an outcome.
   *
   * @param spec the search
   * @return by candidate and replicate
   */
  public List<Trial> unfinished(SearchSpec spec) {
    var trials = new ArrayList<Trial>();
    for (Candidate candidate : candidates.values()) {
      for (int replicate = 0; replicate < spec.evolution().replicates(); replicate++) {
        var id = new TrialId(candidate.id(), replicate);
        if (!outcomes.containsKey(id)) {
          trials.add(
              new Trial(id, candidate.losses(), Chance.trainingSeed(spec.seed(), replicate)));
        }
      }
    }
    return List.copyOf(trials);
  }

  /**
   * The mean AP of a candidate's scored replicates. One that diverged or was rejected in any of
   * them has none: a loss that sometimes fails is not a better loss. A lost or skipped replicate
   * says nothing of the loss and is left out of the mean.
   *
   * @param candidate which
   * @return in 0..1; empty if no replicate was scored
   */
  public OptionalDouble fitness(CandidateId candidate) {
    var ended =
        outcomes
            .subMap(new TrialId(candidate, 0), new TrialId(candidate, Integer.MAX_VALUE))
            .values();
    boolean failed =
        ended.stream()
            .anyMatch(
                one ->
                    one instanceof TrialOutcome.Diverged || one instanceof TrialOutcome.Rejected);
    return failed
        ? OptionalDouble.empty()
        : ended.stream()
            .filter(TrialOutcome.Scored.class::isInstance)
            .mapToDouble(one -> ((TrialOutcome.Scored) one).ap())
            .average();
  }

  /**
   * Candidates with a fitness, the baseline among them.
   *
   * @return best first; of equals the smaller pair, then the earlier id
   */
  public List<CandidateId> ranking() {
    return ranked(candidates.values());
  }

  /**
   * Says whether all generations are sealed.
   *
   * @param spec the search
   * @return false if it has failed
   */
  public boolean complete(SearchSpec spec) {
    return failure.isEmpty()
        && IntStream.rangeClosed(0, spec.evolution().generations())
            .allMatch(survivors::containsKey);
  }

  /**
   * What the generation after a sealed one is bred from.
   *
   * @param generation its number
   * @return best first; empty if it is not sealed or left nothing with a fitness
   */
  public List<CandidateId> survivors(int generation) {
    return survivors.getOrDefault(generation, List.of());
  }

  List<CandidateId> ranked(Iterable<Candidate> among) {
    var scored = new ArrayList<Candidate>();
    among.forEach(
        candidate -> {
          if (fitness(candidate.id()).isPresent()) {
            scored.add(candidate);
          }
        });
    scored.sort(
        Comparator.comparingDouble((Candidate one) -> fitness(one.id()).orElseThrow())
            .reversed()
            .thenComparingInt(one -> one.losses().size())
            .thenComparing(Candidate::id));
    return scored.stream().map(Candidate::id).toList();
  }

  List<Candidate> generation(int generation) {
    return List.copyOf(
        candidates
            .subMap(new CandidateId(generation, 0), new CandidateId(generation + 1, 0))
            .values());
  }
}
