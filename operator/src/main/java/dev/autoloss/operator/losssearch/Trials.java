package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Trial;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A search's trials as their DetectorTrainings show them.
 *
 * <p>Trainings are created in the order in which the search opens their trials, and each is kept by
 * a finalizer until its result is in the ledger. So a training that is missing while one of a later
 * trial is there was taken away by force, and counts as skipped; a missing training behind the last
 * one was never made.
 */
final class Trials {
  /** Reasons of a training that goes its way. */
  private static final Set<String> USUAL =
      Set.of(
          "WaitingForPod",
          "PodRunning",
          "AwaitingResult",
          "Held",
          "OutcomeStands",
          "NoOutcome",
          // As they were written before.
          "Starting");

  private final TreeMap<TrialId, DetectorTraining> trainings = new TreeMap<>();

  /** Takes the trainings that the search controls; others are not looked at. */
  Trials(LossSearch search, Collection<DetectorTraining> seen) {
    for (DetectorTraining training : seen) {
      if (Ownership.controls(search, training)) {
        trial(training)
            .filter(id -> TrainingSpecs.name(search, id).equals(training.getMetadata().getName()))
            .ifPresent(id -> trainings.put(id, training));
      }
    }
  }

  private static Optional<TrialId> trial(DetectorTraining training) {
    try {
      return Ownership.annotation(training, Labels.TRIAL).map(TrialId::parse);
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  Map<TrialId, DetectorTraining> all() {
    return trainings;
  }

  boolean isEmpty() {
    return trainings.isEmpty();
  }

  /** Unfinished trials whose training is missing though it was made. */
  List<Trial> vanished(SearchState state, SearchSpec spec) {
    Comparator<TrialId> opening = SearchState.opening(spec);
    var newest = new HashMap<Integer, TrialId>();
    for (TrialId made : trainings.keySet()) {
      newest.merge(lap(made), made, BinaryOperator.maxBy(opening));
    }
    return state.unfinished(spec).stream()
        .filter(trial -> !trainings.containsKey(trial.id()))
        .filter(
            trial ->
                newest.entrySet().stream()
                    .filter(lap -> tells(lap.getKey(), lap(trial.id())))
                    .anyMatch(lap -> opening.compare(trial.id(), lap.getValue()) < 0))
        .toList();
  }

  /**
   * Trials that are opened strictly one behind the other: those of a generation, and the finals.
   */
  private static int lap(TrialId trial) {
    return trial.stage().afterEvolution() ? Integer.MAX_VALUE : trial.candidate().generation();
  }

  /** Generation 0 is opened before all; later ones may be opened side by side. */
  private static boolean tells(int later, int lap) {
    return lap == 0 || later == lap || later == Integer.MAX_VALUE;
  }

  void add(TrialId id, DetectorTraining training) {
    trainings.put(id, training);
  }

  /** Results that stand; a training that is deleted before its result is skipped. */
  Map<TrialId, TrialOutcome> results() {
    var results = new HashMap<TrialId, TrialOutcome>();
    trainings.forEach(
        (id, training) -> outcome(training).ifPresent(outcome -> results.put(id, outcome)));
    return results;
  }

  private static Optional<TrialOutcome> outcome(DetectorTraining training) {
    DetectorTrainingStatus status = training.getStatus();
    if (status == null || status.outcome() == null) {
      return training.getMetadata().getDeletionTimestamp() == null
          ? Optional.empty()
          : Optional.of(new TrialOutcome.Skipped());
    }
    String message = status.message() == null ? "" : status.message();
    return Optional.of(
        switch (status.outcome()) {
          case SCORED -> scored(status.metrics());
          case DIVERGED -> new TrialOutcome.Diverged();
          case REJECTED -> new TrialOutcome.Rejected();
          case LOST -> new TrialOutcome.Lost(message);
        });
  }

  private static TrialOutcome scored(@Nullable Metrics metrics) {
    return metrics == null || !(metrics.ap() >= 0 && metrics.ap() <= 1)
        ? new TrialOutcome.Lost("scored without an AP in 0..1")
        : new TrialOutcome.Scored(metrics.ap());
  }

  /** The first trial that something keeps from work, with its line. */
  Optional<String> waiting(SearchState state) {
    for (var entry : trainings.entrySet()) {
      DetectorTrainingStatus status = entry.getValue().getStatus();
      if (status != null && state.outcome(entry.getKey()).isEmpty()) {
        Optional<String> line =
            Conditions.find(status.conditions(), StatusProjection.PROGRESSING)
                .filter(condition -> !USUAL.contains(condition.getReason()))
                .map(condition -> condition.getReason() + ": " + condition.getMessage());
        if (line.isPresent()) {
          return Optional.of("trial " + entry.getKey() + " waits: " + line.get());
        }
      }
    }
    return Optional.empty();
  }

  /** The first trial that its user has to mend, with its line. */
  Optional<String> invalid() {
    for (var entry : trainings.entrySet()) {
      DetectorTrainingStatus status = entry.getValue().getStatus();
      if (status != null && status.state() == TrainingState.FAILED) {
        return Optional.of("trial " + entry.getKey() + ": " + status.message());
      }
    }
    return Optional.empty();
  }
}
