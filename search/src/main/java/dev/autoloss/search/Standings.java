package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Comparisons of candidates at one stage: all in blocks against the default pair. */
final class Standings {
  private final NavigableMap<TrialId, TrialOutcome> outcomes;
  private final Stage stage;
  private final NavigableMap<Integer, Double> baseline;
  private final double baselineMean;

  Standings(SearchState state, Stage stage) {
    this.outcomes = state.outcomes();
    this.stage = stage;
    this.baseline = state.baseline().map(this::scores).orElseGet(TreeMap::new);
    this.baselineMean = mean(baseline.values()).orElse(0);
  }

  /** Scores of a candidate by replicate. */
  NavigableMap<Integer, Double> scores(CandidateId candidate) {
    var scores = new TreeMap<Integer, Double>();
    trials(candidate)
        .forEach(
            (trial, outcome) -> {
              if (outcome instanceof TrialOutcome.Scored(double ap)) {
                scores.put(trial.replicate(), ap);
              }
            });
    return scores;
  }

  private Map<TrialId, TrialOutcome> trials(CandidateId candidate) {
    return outcomes.subMap(
        new TrialId(candidate, stage, 0),
        true,
        new TrialId(candidate, stage, stage == Stage.SIMULATION ? 0 : Integer.MAX_VALUE),
        true);
  }

  Optional<Summary> summary(CandidateId candidate) {
    Map<Integer, Double> scores = scores(candidate);
    OptionalDouble mean = mean(scores.values());
    if (mean.isEmpty()) {
      return Optional.empty();
    }
    var others = new ArrayList<Double>();
    double differences = 0;
    for (Map.Entry<Integer, Double> score : scores.entrySet()) {
      double beside = baseline.getOrDefault(score.getKey(), baselineMean);
      differences += score.getValue() - beside;
      if (score.getValue() >= beside / 2) {
        others.add(score.getValue());
      }
    }
    int n = scores.size();
    double squares = squares(scores.values(), mean.getAsDouble());
    return Optional.of(
        new Summary(
            n,
            mean.getAsDouble(),
            n == 1 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / (n - 1))),
            differences / n,
            n - others.size(),
            mean(others)));
  }

  /** The mean difference; one that diverged or was rejected in any replicate has none. */
  OptionalDouble fitness(CandidateId candidate) {
    boolean failed =
        trials(candidate).values().stream()
            .anyMatch(
                one ->
                    one instanceof TrialOutcome.Diverged || one instanceof TrialOutcome.Rejected);
    Optional<Summary> summary = failed ? Optional.empty() : summary(candidate);
    return summary.isPresent()
        ? OptionalDouble.of(summary.get().difference())
        : OptionalDouble.empty();
  }

  /**
   * Those with a fitness, best first: by the mean difference less its standard error, for a lucky
   * single score is not to stand above a good mean of many; of equals the smaller pair, then the
   * earlier id.
   */
  List<CandidateId> ranked(Iterable<Candidate> among) {
    int newest = 0;
    for (Candidate candidate : among) {
      newest = Math.max(newest, candidate.id().generation());
    }
    double noise = noise(newest);
    var values = new HashMap<CandidateId, Double>();
    var scored = new ArrayList<Candidate>();
    for (Candidate candidate : among) {
      OptionalDouble fitness = fitness(candidate.id());
      if (fitness.isPresent()) {
        int n = scores(candidate.id()).size();
        values.put(candidate.id(), fitness.getAsDouble() - noise / Math.sqrt(n));
        scored.add(candidate);
      }
    }
    scored.sort(
        Comparator.comparingDouble((Candidate one) -> values.getOrDefault(one.id(), 0.0))
            .reversed()
            .thenComparingInt(one -> one.losses().size())
            .thenComparing(Candidate::id));
    return scored.stream().map(Candidate::id).toList();
  }

  /**
   * Standard deviation between replicates of one candidate, over all that have several; else 0. Of
   * later generations nothing is looked at: how far they are depends on which result came first.
   */
  private double noise(int generation) {
    double squares = 0;
    int freedom = 0;
    var candidates = new ArrayList<CandidateId>();
    for (TrialId trial : outcomes.keySet()) {
      if (trial.stage() == stage
          && trial.candidate().generation() <= generation
          && (candidates.isEmpty() || !candidates.getLast().equals(trial.candidate()))) {
        candidates.add(trial.candidate());
      }
    }
    for (CandidateId candidate : candidates) {
      Map<Integer, Double> scores = scores(candidate);
      if (scores.size() > 1) {
        squares += squares(scores.values(), mean(scores.values()).orElseThrow());
        freedom += scores.size() - 1;
      }
    }
    return freedom == 0 ? 0 : Math.sqrt(squares / freedom);
  }

  private static OptionalDouble mean(Iterable<Double> values) {
    double sum = 0;
    int n = 0;
    for (double value : values) {
      sum += value;
      n++;
    }
    return n == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / n);
  }

  private static double squares(Iterable<Double> values, double mean) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }
}
