package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrainingState;
import dev.autoloss.api.TrialResult;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the status of a training from its attempts and what was decided. */
final class StatusBuilder {
  static final String PROGRESSING = "Progressing";
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  private final TrainingView view;
  private final String specHash;
  private final List<Attempt> attempts;

  StatusBuilder(TrainingView view, String specHash, List<Attempt> attempts) {
    this.view = view;
    this.specHash = specHash;
    this.attempts = attempts;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /** With an attempt, in place of one of the same number. */
  StatusBuilder with(Attempt attempt) {
    var more = new ArrayList<>(attempts);
    more.removeIf(one -> one.number() == attempt.number());
    more.add(attempt);
    return new StatusBuilder(view, specHash, List.copyOf(more));
  }

  /** No outcome yet. */
  DetectorTrainingStatus open(TrainingState state, Enum<?> reason, String words) {
    boolean goesOn =
        reason instanceof TrainingReason
            && reason != TrainingReason.HELD
            && reason != TrainingReason.NAME_CONFLICT
            && reason != TrainingReason.OPERATOR_ERROR;
    String message = settled(reason, words);
    return status(
        state,
        Optional.empty(),
        Optional.of(message).filter(text -> reason == TrainingReason.NAME_CONFLICT),
        Optional.empty(),
        conditions().set(PROGRESSING, goesOn, reason, message).list());
  }

  /** Nothing is decided, and that is told. */
  DetectorTrainingStatus keep(TrainingReason reason, String message) {
    return open(
        view.status()
            .flatMap(status -> Optional.ofNullable(status.state()))
            .orElse(TrainingState.PENDING),
        reason,
        message);
  }

  /** Kubelet and scheduler tell the same of an attempt in ever new words: the first ones stand. */
  private String settled(Enum<?> reason, String words) {
    return Conditions.find(
            view.status().map(DetectorTrainingStatus::conditions).orElse(null), PROGRESSING)
        .filter(before -> Conditions.camelCase(reason).equals(before.getReason()))
        .filter(_ -> view.recorded().size() == attempts.size())
        .map(before -> before.getMessage() == null ? words : before.getMessage())
        .orElse(words);
  }

  /** The outcome that the trainer reported. */
  DetectorTrainingStatus result(TrialResult result, Optional<String> image) {
    TrainingReason reason =
        switch (result.outcome()) {
          case SCORED -> TrainingReason.SCORED;
          case DIVERGED -> TrainingReason.DIVERGED;
          case REJECTED -> TrainingReason.REJECTED;
          case LOST -> TrainingReason.LOST;
        };
    return status(
        TrainingState.FINISHED,
        Optional.of(result.outcome()),
        Optional.ofNullable(result.message()).map(TerminationMessage::firstLine),
        Optional.of(new Report(result, image)),
        complete(reason, sentence(result)));
  }

  /** No attempt brought a result. */
  DetectorTrainingStatus lost(String message) {
    return status(
        TrainingState.FINISHED,
        Optional.of(Outcome.LOST),
        Optional.of(message),
        Optional.empty(),
        complete(TrainingReason.LOST, message));
  }

  /** The document or the data is wrong. */
  DetectorTrainingStatus failed(TrainingReason reason, String message) {
    return status(
        TrainingState.FAILED,
        Optional.empty(),
        Optional.of(message),
        Optional.empty(),
        conditions()
            .set(PROGRESSING, false, TrainingReason.NO_OUTCOME, "")
            .set(FAILED, true, reason, message)
            .list());
  }

  private List<Condition> complete(TrainingReason reason, String message) {
    return conditions()
        .set(PROGRESSING, false, TrainingReason.OUTCOME_STANDS, "")
        .set(COMPLETE, true, reason, message)
        .list();
  }

  private Conditions conditions() {
    return new Conditions(
        view.status().map(DetectorTrainingStatus::conditions).orElse(null),
        view.training().getMetadata().getGeneration(),
        view.now());
  }

  private record Report(TrialResult result, Optional<String> image) {}

  private DetectorTrainingStatus status(
      TrainingState state,
      Optional<Outcome> outcome,
      Optional<String> message,
      Optional<Report> report,
      List<Condition> conditions) {
    Optional<TrialResult> result = report.map(Report::result);
    Optional<Progress> progress =
        view.progress().or(() -> view.status().map(DetectorTrainingStatus::progress));
    return new DetectorTrainingStatus(
        view.training().getMetadata().getGeneration(),
        state,
        specHash,
        outcome.orElse(null),
        message.orElse(null),
        result.map(TrialResult::metrics).orElse(null),
        result.map(TrialResult::seconds).orElse(null),
        progress.orElse(null),
        attempts,
        report.flatMap(Report::image).orElse(null),
        result.map(TrialResult::dataDigest).orElse(null),
        result.map(TrialResult::device).orElse(null),
        conditions);
  }

  static String sentence(TrialResult result) {
    Metrics metrics = result.metrics();
    String seconds = String.format(Locale.ROOT, "in %.0f s", result.seconds());
    return metrics == null
        ? word(result) + " " + seconds
        : String.format(
            Locale.ROOT,
            "%s: AP %.4f, AP50 %.4f %s",
            word(result),
            metrics.ap(),
            metrics.ap50(),
            seconds);
  }

  private static String word(TrialResult result) {
    return Conditions.camelCase(result.outcome());
  }
}
