package dev.autoloss.search;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * All that a search has decided and seen: its events folded. Immutable, compared by value, and the
 * same for the same decisions and results in whatever order the results came.
 *
 * @param candidates all that were proposed
 * @param funnels screening of each proposed generation
 * @param outcomes what became of the trials that ended
 * @param promotions who got further proxy trainings, by generation
 * @param survivors of each sealed generation, best first
 * @param chosen who entered the stages after the evolution
 * @param failure why it cannot go on
 */
public record SearchState(
    NavigableMap<CandidateId, Candidate> candidates,
    NavigableMap<Integer, Funnel> funnels,
    NavigableMap<TrialId, TrialOutcome> outcomes,
    NavigableMap<Integer, List<SearchEvent.Promoted>> promotions,
    NavigableMap<Integer, List<CandidateId>> survivors,
    NavigableMap<Stage, List<CandidateId>> chosen,
    Optional<SearchEvent.Failed> failure) {
  private static final SearchState EMPTY =
      new SearchState(
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          new TreeMap<>(),
          Optional.empty());

  /** Copies the maps. */
  public SearchState {
    candidates = Collections.unmodifiableNavigableMap(new TreeMap<>(candidates));
    funnels = Collections.unmodifiableNavigableMap(new TreeMap<>(funnels));
    outcomes = Collections.unmodifiableNavigableMap(new TreeMap<>(outcomes));
    promotions = Collections.unmodifiableNavigableMap(new TreeMap<>(promotions));
    survivors = Collections.unmodifiableNavigableMap(new TreeMap<>(survivors));
    chosen = Collections.unmodifiableNavigableMap(new TreeMap<>(chosen));
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
   * All trials that are opened.
   *
   * @param spec the search
   * @return in the order in which they were opened
   */
  public List<Trial> trials(SearchSpec spec) {
    return new Due(spec, this).all();
  }

  /**
   * Trials that are opened and have no outcome.
   *
   * @param spec the search
   * @return in the order in which they were opened
   */
  public List<Trial> unfinished(SearchSpec spec) {
    return List.copyOf(new Due(spec, this).unfinished());
  }

  /**
   * The order in which a search opens its trials.
   *
   * @param spec the search
   * @return a total order
   */
  public static Comparator<TrialId> opening(SearchSpec spec) {
    return Due.order(spec);
  }

  /**
   * A candidate's scores at a stage.
   *
   * @param candidate which
   * @param stage where
   * @return empty if none of its trials there was scored
   */
  public Optional<Summary> summary(CandidateId candidate, Stage stage) {
    return new Standings(this, stage).summary(candidate);
  }

  /**
   * A candidate's AP at a stage, block by block.
   *
   * @param candidate which
   * @param stage where
   * @return AP in 0..1 by replicate, of those that were scored
   */
  public NavigableMap<Integer, Double> scores(CandidateId candidate, Stage stage) {
    return Collections.unmodifiableNavigableMap(new Standings(this, stage).scores(candidate));
  }

  /**
   * The mean difference of a candidate's AP at the proxy to the default pair's in the same block,
   * as {@link Summary#difference} has it. One that diverged or was rejected in any replicate has
   * none: a loss that sometimes fails is not a better loss. A lost or skipped replicate says
   * nothing of the loss and is left out of the mean; a collapsed one is in it.
   *
   * @param candidate which
   * @return in −1..1; empty if no replicate was scored
   */
  public OptionalDouble fitness(CandidateId candidate) {
    return new Standings(this, Stage.PROXY).fitness(candidate);
  }

  /**
   * Candidates with a fitness, the baseline and controls among them.
   *
   * @return best first, by the fitness less its standard error; of equals the smaller pair, then
   *     the earlier id
   */
  public List<CandidateId> ranking() {
    return ranked(candidates.values());
  }

  /**
   * Says whether all that the search asks for is done.
   *
   * @param spec the search
   * @return false if it has failed
   */
  public boolean complete(SearchSpec spec) {
    if (failure.isPresent() || !evolved(spec)) {
      return false;
    }
    return spec.procedure().finals().isEmpty()
        || (chosen.containsKey(lastStage(spec)) && ended(spec, lastStage(spec)));
  }

  private static Stage lastStage(SearchSpec spec) {
    return spec.procedure().finals().orElseThrow().test() ? Stage.TEST : Stage.FINAL;
  }

  boolean ended(SearchSpec spec, Stage stage) {
    return new Due(spec, this).after(stage).allMatch(outcomes::containsKey);
  }

  /**
   * Says whether no further generation is to come: those asked for are sealed, the last ones
   * brought no better candidate, or finalists are chosen, after which nothing is evolved any more.
   *
   * @param spec the search
   * @return false while generations are at work
   */
  public boolean evolved(SearchSpec spec) {
    return !chosen.isEmpty()
        || (survivors.size() > generation()
            && generation() > 0
            && (generation() >= spec.evolution().generations() || stagnant(spec)));
  }

  /**
   * Says whether the newest generations that the next one may know brought no better candidate.
   *
   * @param spec the search
   * @return false if that is no reason for it to stop
   */
  public boolean stagnant(SearchSpec spec) {
    int borne = spec.procedure().noImprovement();
    int known = generation() + 1 - spec.evolution().breeding().lookAhead();
    if (borne == 0 || known < borne || !survivors.containsKey(known)) {
      return false;
    }
    int best =
        asOf(known).ranking().stream()
            .mapToInt(CandidateId::generation)
            .filter(generation -> generation > 0)
            .findFirst()
            .orElse(0);
    return known - best >= borne;
  }

  /** What was known of the generations up to one, and nothing of younger ones. */
  SearchState asOf(int generation) {
    var younger = new CandidateId(generation + 1, 0);
    return new SearchState(
        candidates.headMap(younger, false),
        funnels.headMap(generation, true),
        outcomes.headMap(TrialId.simulation(younger), false),
        promotions.headMap(generation, true),
        survivors.headMap(generation, true),
        chosen,
        failure);
  }

  /**
   * Who got further proxy trainings.
   *
   * @param generation of which generation
   * @return in their order
   */
  public List<SearchEvent.Promoted> promotions(int generation) {
    return promotions.getOrDefault(generation, List.of());
  }

  /**
   * Who entered a stage after the evolution.
   *
   * @param stage finals or test
   * @return best first; empty before it
   */
  public List<CandidateId> chosen(Stage stage) {
    return chosen.getOrDefault(stage, List.of());
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
    return new Standings(this, Stage.PROXY).ranked(among);
  }

  List<Candidate> generation(int generation) {
    return List.copyOf(
        candidates
            .subMap(new CandidateId(generation, 0), new CandidateId(generation + 1, 0))
            .values());
  }
}
