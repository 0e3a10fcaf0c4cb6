package dev.autoloss.search;

import dev.autoloss.search.evidence.Arm;
import dev.autoloss.search.evidence.Contest;
import dev.autoloss.search.evidence.RankCorrelation;
import dev.autoloss.search.evidence.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What the rungs of a search say of each other and of its best loss. */
public final class Rungs {
  /** Fewer candidates than these are always in some order. */
  private static final int LEAST = 3;

  private final SearchState state;

  /**
   * Looks at a state.
   *
   * @param state the search
   */
  public Rungs(SearchState state) {
    this.state = state;
  }

  /**
   * How far a cheap rung ranks as a dear one does.
   *
   * @param from the cheap one
   * @param to the dear one
   * @param correlation over the candidates, default pair and controls among them, that both have
   *     scored: by their AP in the simulation, else by their difference to the default pair
   */
  public record Agreement(Stage from, Stage to, RankCorrelation correlation) {}

  /**
   * The agreement of neighbouring rungs.
   *
   * @return those with at least three candidates in common
   */
  public List<Agreement> agreements() {
    var agreements = new ArrayList<Agreement>();
    for (Stage from : List.of(Stage.SIMULATION, Stage.PROXY)) {
      Stage to = from == Stage.SIMULATION ? Stage.PROXY : Stage.FINAL;
      agreement(from, to)
          .filter(correlation -> correlation.n() >= LEAST)
          .ifPresent(correlation -> agreements.add(new Agreement(from, to, correlation)));
    }
    return List.copyOf(agreements);
  }

  private Optional<RankCorrelation> agreement(Stage from, Stage to) {
    Map<CandidateId, Summary> cheap = new Standings(state, from).summaries();
    Map<CandidateId, Summary> dear = new Standings(state, to).summaries();
    var first = new ArrayList<Double>();
    var second = new ArrayList<Double>();
    cheap.forEach(
        (id, summary) -> {
          Summary other = dear.get(id);
          if (other != null) {
            first.add(summary.difference());
            second.add(other.difference());
          }
        });
    return RankCorrelation.of(first, second);
  }

  /**
   * Judges the finalists once their last trainings have ended: by the test where there is one, else
   * by the finals, which confirm nothing.
   *
   * @param spec the search
   * @return the verdict; empty without finals and before their end
   */
  public Optional<Verdict> verdict(SearchSpec spec) {
    if (spec.procedure().finals().isEmpty() || !state.complete(spec)) {
      return Optional.empty();
    }
    boolean tested = spec.procedure().finals().orElseThrow().test();
    Stage stage = tested ? Stage.TEST : Stage.FINAL;
    var finalists = new ArrayList<Arm>();
    var controls = new ArrayList<Arm>();
    for (CandidateId id : state.chosen(stage)) {
      (id.generation() > 0 ? finalists : controls).add(arm(id, stage));
    }
    return Optional.of(new Contest(finalists, controls, tested, Contest.USUAL_LEVEL).verdict());
  }

  private Arm arm(CandidateId candidate, Stage stage) {
    var scores = new TreeMap<Long, Double>();
    state
        .outcomes()
        .subMap(
            new TrialId(candidate, stage, 0),
            true,
            new TrialId(candidate, stage, Integer.MAX_VALUE),
            true)
        .forEach(
            (trial, outcome) ->
                score(outcome).ifPresent(ap -> scores.put((long) trial.replicate(), ap)));
    return new Arm(candidate.toString(), scores);
  }

  /** A loss that fails on a seed has earned nothing there; a lost training says nothing. */
  private static OptionalDouble score(TrialOutcome outcome) {
    return switch (outcome) {
      case TrialOutcome.Scored(double ap) -> OptionalDouble.of(ap);
      case TrialOutcome.Diverged _, TrialOutcome.Rejected _ -> OptionalDouble.of(0);
      case TrialOutcome.Lost _, TrialOutcome.Skipped _ -> OptionalDouble.empty();
    };
  }
}
