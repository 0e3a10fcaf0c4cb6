package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Score;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.losssearch.SearchSpecs;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.Procedure;
import dev.autoloss.search.evidence.Racing;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of a run at one moment.
 *
 * @param search the search; empty if a single training is run
 * @param trainings its trainings, by generation, slot and replicate
 */
record Snapshot(Optional<LossSearch> search, List<DetectorTraining> trainings) {
  private static final Comparator<DetectorTraining> ORDER =
      Comparator.comparing(Snapshot::sortable);

  Snapshot {
    trainings = trainings.stream().sorted(ORDER).toList();
  }

  /** Makes g10 follow g9. */
  private static String sortable(DetectorTraining training) {
    var key = new StringBuilder();
    for (String part : trial(training).split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)", -1)) {
      key.append(part.matches("\\d+") ? "0".repeat(Math.max(0, 9 - part.length())) : "");
      key.append(part);
    }
    return key.toString();
  }

  /** The trial of a training, for example g1-c3-p0; its name if it is of no search. */
  static String trial(DetectorTraining training) {
    return training
        .getMetadata()
        .getAnnotations()
        .getOrDefault(Labels.TRIAL, training.getMetadata().getName());
  }

  /** The candidate that a training is of, for example g1-c3. */
  static String candidate(DetectorTraining training) {
    return trial(training).replaceFirst("-(s|[a-z]\\d+)$", "");
  }

  Optional<LossSearchStatus> status() {
    return search.map(LossSearch::getStatus);
  }

  Optional<LossSearchSpec> spec() {
    return search.map(LossSearch::getSpec);
  }

  static Optional<DetectorTrainingStatus> status(DetectorTraining training) {
    return Optional.ofNullable(training.getStatus());
  }

  static Optional<Outcome> outcome(DetectorTraining training) {
    return status(training).map(DetectorTrainingStatus::outcome);
  }

  List<DetectorTraining> running() {
    return trainings.stream()
        .filter(
            training ->
                status(training)
                    .filter(status -> status.state() == TrainingState.RUNNING)
                    .isPresent())
        .toList();
  }

  long ended() {
    return trainings.stream().filter(training -> outcome(training).isPresent()).count();
  }

  /** Trials that the search will have had at its end, the baseline's included. */
  int expected() {
    return spec().map(Snapshot::expected).orElse(trainings.size());
  }

  /** As if every generation were full and nothing fell in it. */
  private static int expected(LossSearchSpec spec) {
    Procedure procedure = SearchSpecs.procedure(spec);
    int controls = procedure.controls().size();
    int replicates = spec.evolution().replicates();
    int raced =
        new Racing(procedure.racing(), replicates)
            .fields(spec.evolution().trained()).stream().mapToInt(Integer::intValue).sum();
    int finals =
        procedure
            .finals()
            .map(
                last ->
                    last.seeds()
                        * (last.count()
                            + 1
                            + Math.min(controls, last.controls())
                            + (last.test() ? 2 + Math.min(controls, 1) : 0)))
            .orElse(0);
    return (1 + controls) * replicates
        + spec.evolution().generations() * (procedure.simulated().orElse(0) + raced)
        + finals;
  }

  OptionalDouble baseline() {
    return status()
        .map(LossSearchStatus::baseline)
        .map(score -> OptionalDouble.of(score.meanAP()))
        .orElse(OptionalDouble.empty());
  }

  Optional<Score> best() {
    return status().map(LossSearchStatus::best).filter(list -> !list.isEmpty()).map(List::getFirst);
  }

  int generation() {
    return status().map(LossSearchStatus::generation).orElse(0);
  }

  /** Says whether all trials of a generation have ended, as far as the status tells. */
  boolean sealed(int generation) {
    return generation < generation() || condition("Complete").isPresent();
  }

  /** A condition of the search that holds. */
  Optional<Condition> condition(String type) {
    return status().map(LossSearchStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(one -> one.getType().equals(type) && "True".equals(one.getStatus()))
        .findFirst();
  }

  /** How the run has ended; empty while it goes on. */
  Optional<RunEnd> end() {
    return search.isPresent() ? endOfSearch() : endOfTraining();
  }

  private Optional<RunEnd> endOfSearch() {
    if (condition("Complete").isPresent() && specIsSeen()) {
      return Optional.of(RunEnd.DONE);
    }
    Optional<Condition> failed = condition("Failed");
    if (failed.isPresent()) {
      String reason = failed.get().getReason();
      boolean users = "TrialInvalid".equals(reason) || "InvalidSpec".equals(reason);
      return Optional.of(new RunEnd(users ? RunEnd.USAGE : RunEnd.FAILURE, text(failed.get())));
    }
    return status().map(LossSearchStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(one -> "LedgerHealthy".equals(one.getType()) && "False".equals(one.getStatus()))
        .findFirst()
        .map(one -> new RunEnd(RunEnd.FAILURE, "the ledger is damaged: " + text(one)));
  }

  /** A raised budget ends what a status from before it says. */
  private boolean specIsSeen() {
    Long generation = search.map(one -> one.getMetadata().getGeneration()).orElse(null);
    Long observed = status().map(LossSearchStatus::observedGeneration).orElse(null);
    return generation == null || observed == null || observed >= generation;
  }

  private static String text(Condition condition) {
    return Objects.requireNonNullElse(condition.getMessage(), condition.getReason());
  }

  private Optional<RunEnd> endOfTraining() {
    return trainings.stream().findFirst().flatMap(Snapshot::status).flatMap(Snapshot::end);
  }

  private static Optional<RunEnd> end(DetectorTrainingStatus status) {
    String message = Objects.requireNonNullElse(status.message(), "");
    if (status.state() == TrainingState.FAILED) {
      return Optional.of(new RunEnd(RunEnd.USAGE, message));
    }
    return Optional.ofNullable(status.outcome())
        .map(
            outcome ->
                switch (outcome) {
                  case SCORED -> RunEnd.DONE;
                  case DIVERGED -> new RunEnd(RunEnd.FAILURE, "diverged: " + message);
                  case REJECTED -> new RunEnd(RunEnd.FAILURE, "rejected: " + message);
                  case LOST -> new RunEnd(RunEnd.FAILURE, "lost: " + message);
                });
  }
}
