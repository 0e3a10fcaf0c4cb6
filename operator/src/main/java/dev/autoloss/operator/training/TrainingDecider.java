package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingState;
import dev.autoloss.api.TrialResult;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder.Notice;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Decides what becomes of a training; pure: the same view gives the same decision. */
final class TrainingDecider {
  private final TrainingView view;
  private final AttemptJudge judge;
  private final String specHash;
  private final Hold hold;
  private final TreeMap<Integer, Attempt> attempts = new TreeMap<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<String> delete = new ArrayList<>();
  private Optional<Judgement.Reported> reported = Optional.empty();
  private Optional<Judgement> open = Optional.empty();
  private Optional<Instant> again = Optional.empty();

  private TrainingDecider(TrainingView view) {
    this.view = view;
    var spec = view.spec();
    this.specHash = SpecHash.of(spec);
    this.judge = new AttemptJudge(specHash, spec.seed(), spec.deadlines(), view.now());
    this.hold = Hold.of(view.training());
  }

  /** Decides; attempts whose Job is in neither the status nor the view do not exist. */
  static TrainingDecision decide(TrainingView view) {
    return new TrainingDecider(view).decision();
  }

  private TrainingDecision decision() {
    view.recorded().forEach(attempt -> attempts.put(attempt.number(), attempt));
    view.jobs().forEach(this::adopt);
    boolean settled = view.status().map(TrainingDecider::settled).orElse(false);
    List.copyOf(attempts.values()).forEach(attempt -> look(attempt, settled));
    if (settled) {
      expire();
      return new TrainingDecision(
          OptionalInt.empty(), keep(), delete, notices, Optional.empty(), again);
    }
    var builder = new StatusBuilder(view, specHash, List.copyOf(attempts.values()));
    if (reported.isPresent()) {
      TrialResult result = reported.get().result();
      notices.add(Notice.normal("ResultReceived", StatusBuilder.sentence(result)));
      return finish(builder.result(result, reported.get().image()));
    }
    return open.map(judgement -> wait(builder, judgement)).orElseGet(() -> next(builder));
  }

  /** The search says when the Jobs of a recorded trial may go. */
  private void expire() {
    Optional<Instant> time =
        Ownership.annotation(view.training(), Labels.JOBS_EXPIRE).flatMap(Conditions::time);
    if (time.isPresent() && !view.jobs().isEmpty()) {
      if (view.now().isBefore(time.get())) {
        again = time;
      } else {
        delete.clear();
        view.jobs().forEach(job -> delete.add(job.getMetadata().getName()));
      }
    }
  }

  private static boolean settled(DetectorTrainingStatus status) {
    return status.outcome() != null || status.state() == TrainingState.FAILED;
  }

  /** A Job that a crash kept from the status. */
  private void adopt(Job job) {
    TrainerJob.number(job)
        .ifPresent(
            number -> {
              if (!attempts.containsKey(number)) {
                String name = job.getMetadata().getName();
                attempts.put(
                    number,
                    new Attempt(
                        number, name, null, null, job.getMetadata().getCreationTimestamp(), null));
                notices.add(Notice.normal("AttemptStarted", "Attempt " + number + ": Job " + name));
              }
            });
  }

  private void look(Attempt attempt, boolean settled) {
    Optional<Job> job = view.job(attempt.job());
    if (attempt.end() != null || settled) {
      // A pod whose message was read has ended, whatever a cache still says of it.
      boolean over = AttemptEnd.RESULT.label().equals(attempt.end());
      if (!over && job.isPresent() && judge.judge(job.get(), view.pods()).open()) {
        delete.add(attempt.job());
      }
      return;
    }
    Judgement judgement =
        job.map(found -> judge.judge(found, view.pods()))
            .orElseGet(() -> new Judgement.Ended(AttemptEnd.INFRASTRUCTURE, "its Job was deleted"));
    switch (judgement) {
      case Judgement.Reported report -> {
        end(attempt, AttemptEnd.RESULT, "");
        reported = reported.or(() -> Optional.of(report));
      }
      case Judgement.Ended ended -> end(attempt, ended.end(), ended.message());
      case Judgement.Overdue overdue -> {
        end(attempt, AttemptEnd.INFRASTRUCTURE, overdue.message());
        delete.add(attempt.job());
      }
      case Judgement.Waiting waiting -> stay(attempt, waiting);
      case Judgement.Running running -> stay(attempt, running);
      case Judgement.AwaitingMessage awaiting -> open = Optional.of(awaiting);
    }
  }

  private void stay(Attempt attempt, Judgement judgement) {
    if (hold == Hold.STOP) {
      end(attempt, AttemptEnd.SUSPENDED, "its training is held");
      delete.add(attempt.job());
    } else {
      open = Optional.of(judgement);
    }
  }

  private void end(Attempt attempt, AttemptEnd end, String message) {
    attempts.put(
        attempt.number(),
        new Attempt(
            attempt.number(),
            attempt.job(),
            end.label(),
            message.isEmpty() ? null : message,
            attempt.startTime(),
            Conditions.rfc3339(view.now())));
    String sentence = "Attempt " + attempt.number() + ": " + message;
    switch (end) {
      case RESULT -> {}
      case SUSPENDED, STOPPED -> notices.add(Notice.normal("AttemptStopped", sentence));
      case INFRASTRUCTURE, TRAINER, UNREPORTED, DOCUMENT, DATA, MEMORY ->
          notices.add(Notice.warning("AttemptFailed", sentence));
    }
  }

  private TrainingDecision wait(StatusBuilder builder, Judgement judgement) {
    Optional<Pod> running = Optional.empty();
    DetectorTrainingStatus status;
    switch (judgement) {
      case Judgement.Running pod -> {
        running = Optional.of(pod.pod());
        status =
            builder.open(TrainingState.RUNNING, TrainingReason.POD_RUNNING, "The trainer runs");
      }
      case Judgement.AwaitingMessage awaiting -> {
        again = Optional.of(awaiting.until());
        status =
            builder.open(
                TrainingState.RUNNING, TrainingReason.AWAITING_RESULT, "The pod has ended");
      }
      case Judgement.Waiting waiting -> {
        again = waiting.deadline();
        status =
            builder.open(TrainingState.PENDING, TrainingReason.WAITING_FOR_POD, "No pod runs yet");
      }
      case Judgement.Overdue ignored -> throw ended(judgement);
      case Judgement.Ended ignored -> throw ended(judgement);
      case Judgement.Reported ignored -> throw ended(judgement);
    }
    return new TrainingDecision(OptionalInt.empty(), status, delete, notices, running, again);
  }

  private static IllegalStateException ended(Judgement judgement) {
    return new IllegalStateException("has ended: " + judgement);
  }

  /** No attempt is open: another one, or the end. */
  private TrainingDecision next(StatusBuilder builder) {
    if (attempts.isEmpty()) {
      return another(builder, 1);
    }
    Attempt newest = attempts.lastEntry().getValue();
    AttemptEnd end = AttemptEnd.of(newest.end()).orElse(AttemptEnd.TRAINER);
    String message = newest.message() == null ? "" : newest.message();
    if (RetryPolicy.another(end, builder.attempts(), view.spec().retries())) {
      return another(builder, newest.number() + 1);
    }
    return switch (end) {
      case DOCUMENT -> finish(builder.failed(TrainingReason.INVALID_DOCUMENT, message));
      case DATA -> finish(builder.failed(TrainingReason.INVALID_DATA, message));
      case RESULT, INFRASTRUCTURE, TRAINER, STOPPED, SUSPENDED, UNREPORTED, MEMORY -> {
        notices.add(Notice.warning("TrialLost", end.label() + ": " + message));
        yield finish(builder.lost(end.label() + ": " + message));
      }
    };
  }

  private TrainingDecision another(StatusBuilder builder, int number) {
    if (hold != Hold.NONE) {
      return finish(
          builder.open(TrainingState.PENDING, TrainingReason.HELD, "No attempt starts while held"));
    }
    Attempt attempt =
        new Attempt(
            number,
            TrainerJob.name(view.training().getMetadata().getName(), number),
            null,
            null,
            Conditions.rfc3339(view.now()),
            null);
    notices.add(Notice.normal("AttemptStarted", "Attempt " + number + ": Job " + attempt.job()));
    return new TrainingDecision(
        OptionalInt.of(number),
        builder.with(attempt).open(TrainingState.PENDING, TrainingReason.STARTING, "Job created"),
        delete,
        notices,
        Optional.empty(),
        Optional.of(view.now().plusSeconds(view.spec().deadlines().pendingSeconds())));
  }

  private TrainingDecision finish(DetectorTrainingStatus status) {
    return new TrainingDecision(
        OptionalInt.empty(), status, delete, notices, Optional.empty(), Optional.empty());
  }

  private DetectorTrainingStatus keep() {
    return view.status().orElseThrow();
  }
}
