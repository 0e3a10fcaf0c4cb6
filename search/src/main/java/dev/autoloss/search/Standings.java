package dev.autoloss.search;

import java.util.ArrayList;
import java.util.Collections;
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

  /**
   * What became of a candidate's trials.
   *
   * @param scores of those that were scored, by replicate
   * @param failed whether one diverged or was rejected
   */
  private record Row(NavigableMap<Integer, Double> scores, boolean failed) {
    static final Row EMPTY = new Row(Collections.emptyNavigableMap(), false);

    Row with(TrialId trial, TrialOutcome outcome) {
      if (outcome instanceof TrialOutcome.Scored(double ap)) {
        var more = new TreeMap<Integer, Double>(scores);
        more.put(trial.replicate(), ap);
        return new Row(more, failed);
      }
      return outcome instanceof TrialOutcome.Diverged || outcome instanceof TrialOutcome.Rejected
          ? new Row(scores, true)
          : this;
    }
  }

  private Row row(CandidateId candidate) {
    Row row = Row.EMPTY;
    var trials =
        outcomes.subMap(
            new TrialId(candidate, stage, 0),
            true,
            new TrialId(candidate, stage, stage == Stage.SIMULATION ? 0 : Integer.MAX_VALUE),
            true);
    for (var trial : trials.entrySet()) {
      row = row.with(trial.getKey(), trial.getValue());
    }
    return row;
  }

  /** Of all that have a trial here: once through the outcomes costs less than a look for each. */
  private Map<CandidateId, Row> rows() {
    var rows = new HashMap<CandidateId, Row>();
    for (var trial : outcomes.entrySet()) {
      if (trial.getKey().stage() == stage) {
        CandidateId candidate = trial.getKey().candidate();
        Row row = rows.getOrDefault(candidate, Row.EMPTY);
        rows.put(candidate, row.with(trial.getKey(), trial.getValue()));
      }
    }
    return rows;
  }

  /** Scores of a candidate by replicate. */
  NavigableMap<Integer, Double> scores(CandidateId candidate) {
    return row(candidate).scores();
  }

  Optional<Summary> summary(CandidateId candidate) {
    return summary(row(candidate));
  }

  /** Of all that have a score. */
  NavigableMap<CandidateId, Summary> summaries() {
    var summaries = new TreeMap<CandidateId, Summary>();
    rows()
        .forEach(
            (candidate, row) ->
                summary(row).ifPresent(summary -> summaries.put(candidate, summary)));
    return summaries;
  }

  private Optional<Summary> summary(Row row) {
    Map<Integer, Double> scores = row.scores();
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
    return fitness(row(candidate));
  }

  private OptionalDouble fitness(Row row) {
    Optional<Summary> summary = row.failed() ? Optional.empty() : summary(row);
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
    Map<CandidateId, Row> rows = rows();
    int newest = 0;
    for (Candidate candidate : among) {
      newest = Math.max(newest, candidate.id().generation());
    }
    double noise = noise(rows, newest);
    var places = new ArrayList<Place>();
    for (Candidate candidate : among) {
      Row row = rows.getOrDefault(candidate.id(), Row.EMPTY);
      OptionalDouble fitness = fitness(row);
      if (fitness.isPresent()) {
        double value = fitness.getAsDouble() - noise / Math.sqrt(row.scores().size());
        places.add(new Place(value, candidate));
      }
    }
    return places.stream().sorted(Place.ORDER).map(place -> place.candidate().id()).toList();
  }

  /** By what candidates are compared. */
  private record Place(double value, Candidate candidate) {
    static final Comparator<Place> ORDER =
        Comparator.comparingDouble(Place::value)
            .reversed()
            .thenComparingInt(place -> place.candidate().losses().size())
            .thenComparing(place -> place.candidate().id());
  }

  /**
   * Standard deviation between replicates of one candidate, over all that have several; else 0. Of
   * later generations nothing is looked at: how far they are depends on which result came first.
   */
  private static double noise(Map<CandidateId, Row> rows, int generation) {
    var several = new TreeMap<CandidateId, Row>();
    rows.forEach(
        (candidate, row) -> {
          if (candidate.generation() <= generation && row.scores().size() > 1) {
            several.put(candidate, row);
          }
        });
    double squares = 0;
    int freedom = 0;
    // In one order, for sums of the same numbers in another one differ in their last digits.
    for (Row row : several.values()) {
      squares += squares(row.scores().values(), mean(row.scores().values()).orElseThrow());
      freedom += row.scores().size() - 1;
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
