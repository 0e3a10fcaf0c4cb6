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
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a training; pure: the same view gives the same decision. */
final class TrainingDecider {
  /** A Job that starts within this time costs no write of its own. */
  private static final Duration QUICK = Duration.ofSeconds(5);

  private static final String STARTED = "AttemptStarted";

  private final TrainingView view;
  private final AttemptJudge judge;
  private final String specHash;
  private final Hold hold;
  private final TreeMap<Integer, Attempt> attempts = new TreeMap<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<String> delete = new ArrayList<>();
  private Optional<Judgement.Reported> reported = Optional.empty();
  private Optional<Judgement> open = Optional.empty();
  private Optional<Attempt> refused = Optional.empty();
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
          OptionalInt.empty(), view.status(), delete, notices, Optional.empty(), again);
    }
    var builder = builder();
    if (reported.isPresent()) {
      TrialResult result = reported.get().result();
      if (Ownership.controllerOf(view.training()).isEmpty()) {
        // A search tells of its results itself.
        notices.add(Notice.normal("ResultReceived", StatusBuilder.sentence(result)));
      }
      return finish(builder.result(result, reported.get().image()));
    }
    return open.map(judgement -> wait(builder, judgement)).orElseGet(() -> next(builder));
  }

  private StatusBuilder builder() {
    return new StatusBuilder(view, specHash, List.copyOf(attempts.values()));
  }

  /**
   * What stands instead of a decision whose Job was refused: the attempt waits for its Job, within
   * the time that any attempt may wait.
   */
  static TrainingDecision refused(TrainingView view, TrainingDecision decision, Refusal refusal) {
    var decider = new TrainingDecider(view);
    return decider.refused(decision.create().orElseThrow(), refusal);
  }

  private TrainingDecision refused(int number, Refusal refusal) {
    decision();
    delete.clear();
    notices.removeIf(notice -> STARTED.equals(notice.reason()));
    String job = TrainerJob.name(view.training().getMetadata().getName(), number);
    if (refusal.kind() == Refusal.Kind.REFUSED_AS_INVALID) {
      notices.add(Notice.warning("AttemptFailed", refusal.line()));
      return finish(builder().failed(TrainingReason.INVALID_DOCUMENT, refusal.line()));
    }
    String since =
        Optional.ofNullable(attempts.get(number))
            .map(Attempt::startTime)
            .orElse(Conditions.rfc3339(view.now()));
    String reason = Conditions.camelCase(refusal.kind());
    attempts.put(number, new Attempt(number, job, null, reason, refusal.line(), since, null));
    if (refusal.kind() != Refusal.Kind.NAMESPACE_TERMINATING) {
      notices.add(Notice.warning("JobRefused", refusal.line()));
    }
    return finish(builder().open(TrainingState.PENDING, refusal.kind(), refusal.line()));
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

  static boolean settled(DetectorTrainingStatus status) {
    return status.outcome() != null || status.state() == TrainingState.FAILED;
  }

  /** A Job that the status does not know yet, or knew as refused. */
  private void adopt(Job job) {
    TrainerJob.number(job)
        .ifPresent(
            number -> {
              Attempt known = attempts.get(number);
              if (known == null || awaitsJob(known)) {
                String name = job.getMetadata().getName();
                attempts.put(
                    number,
                    new Attempt(
                        number,
                        name,
                        null,
                        null,
                        null,
                        job.getMetadata().getCreationTimestamp(),
                        null));
                started(number, name);
              }
            });
  }

  private void started(int number, String job) {
    if (number > 1 || Ownership.controllerOf(view.training()).isEmpty()) {
      // A search tells of its trials' first attempts itself.
      notices.add(Notice.normal(STARTED, "Attempt " + number + ": Job " + job));
    }
  }

  private static boolean awaitsJob(Attempt attempt) {
    return attempt.end() == null && attempt.reason() != null;
  }

  private void look(Attempt attempt, boolean settled) {
    Optional<Job> job = view.job(attempt.job());
    if (attempt.end() != null || settled) {
      if (job.isPresent() && superfluous(attempt, job.get())) {
        delete.add(attempt.job());
      }
      return;
    }
    if (awaitsJob(attempt)) {
      awaitJob(attempt);
      return;
    }
    Judgement judgement =
        job.map(found -> judge.judge(found, view.pods(), view.complaint(found)))
            .orElseGet(
                () ->
                    new Judgement.Ended(
                        AttemptEnd.INFRASTRUCTURE,
                        TrainingReason.JOB_DELETED,
                        "its Job was deleted"));
    take(attempt, judgement);
  }

  /** A Job that must not run, or not once more. */
  private boolean superfluous(Attempt attempt, Job job) {
    if (AttemptEnd.RESULT.label().equals(attempt.end())) {
      // A pod whose message was read has ended, whatever a cache still says of it; but a queue
      // would start a suspended Job once more.
      return Jobs.setAside(job);
    }
    return judge.judge(job, view.pods(), Optional.empty()).takesDevice();
  }

  private void awaitJob(Attempt attempt) {
    Instant deadline =
        Conditions.time(attempt.startTime())
            .orElse(view.now())
            .plusSeconds(view.spec().deadlines().pendingSeconds());
    if (hold != Hold.NONE) {
      attempts.remove(attempt.number());
    } else if (view.now().isBefore(deadline)) {
      refused = Optional.of(attempt);
    } else {
      String message = attempt.message() == null ? "" : attempt.message();
      end(attempt, AttemptEnd.INFRASTRUCTURE, attempt.reason(), message);
    }
  }

  private void take(Attempt attempt, Judgement judgement) {
    switch (judgement) {
      case Judgement.Reported report -> {
        end(attempt, AttemptEnd.RESULT, null, "");
        reported = reported.or(() -> Optional.of(report));
        view.job(attempt.job()).filter(Jobs::setAside).ifPresent(job -> delete.add(attempt.job()));
      }
      case Judgement.Ended ended -> {
        end(attempt, ended.end(), Conditions.camelCase(ended.reason()), ended.message());
        if (ended.open()) {
          delete.add(attempt.job());
        }
      }
      case Judgement.Overdue overdue -> {
        String reason = Conditions.camelCase(overdue.reason());
        end(attempt, AttemptEnd.INFRASTRUCTURE, reason, overdue.message());
        delete.add(attempt.job());
      }
      case Judgement.Waiting waiting -> stay(attempt, waiting);
      case Judgement.Running running -> stay(attempt, running);
      case Judgement.AwaitingMessage awaiting -> open = Optional.of(awaiting);
    }
  }

  private void stay(Attempt attempt, Judgement judgement) {
    if (hold == Hold.STOP) {
      end(attempt, AttemptEnd.SUSPENDED, null, "its training is held");
      delete.add(attempt.job());
    } else {
      open = Optional.of(judgement);
    }
  }

  private void end(Attempt attempt, AttemptEnd end, @Nullable String reason, String message) {
    attempts.put(
        attempt.number(),
        new Attempt(
            attempt.number(),
            attempt.job(),
            end.label(),
            reason,
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
    return switch (judgement) {
      case Judgement.Running pod -> {
        again = pod.until();
        yield still(
            builder.open(TrainingState.RUNNING, TrainingReason.POD_RUNNING, "The trainer runs"),
            Optional.of(pod.pod()));
      }
      case Judgement.AwaitingMessage awaiting -> {
        again = Optional.of(awaiting.until());
        yield still(
            builder.open(
                TrainingState.RUNNING, TrainingReason.AWAITING_RESULT, "The pod has ended"),
            Optional.empty());
      }
      case Judgement.Waiting waiting -> waiting(builder, waiting);
      case Judgement.Overdue _, Judgement.Ended _, Judgement.Reported _ -> throw ended(judgement);
    };
  }

  private TrainingDecision still(DetectorTrainingStatus status, Optional<Pod> running) {
    return new TrainingDecision(
        OptionalInt.empty(), Optional.of(status), delete, notices, running, again);
  }

  private TrainingDecision waiting(StatusBuilder builder, Judgement.Waiting waiting) {
    again = waiting.deadline();
    Optional<Instant> quick =
        attempts.values().stream()
            .findFirst()
            .flatMap(attempt -> Conditions.time(attempt.startTime()))
            .map(time -> time.plus(QUICK))
            .filter(time -> view.now().isBefore(time));
    if (view.status().isEmpty()
        && waiting.reason() == TrainingReason.WAITING_FOR_POD
        && quick.isPresent()) {
      return new TrainingDecision(
          OptionalInt.empty(), Optional.empty(), delete, List.of(), Optional.empty(), quick);
    }
    return still(
        builder.open(TrainingState.PENDING, waiting.reason(), waiting.message()), Optional.empty());
  }

  private static IllegalStateException ended(Judgement judgement) {
    return new IllegalStateException("has ended: " + judgement);
  }

  /** No attempt is open: another one, or the end. */
  private TrainingDecision next(StatusBuilder builder) {
    if (refused.isPresent()) {
      return another(builder, refused.get().number());
    }
    if (attempts.isEmpty()) {
      return another(builder, 1);
    }
    Attempt newest = attempts.lastEntry().getValue();
    AttemptEnd end = AttemptEnd.of(newest.end()).orElse(AttemptEnd.TRAINER);
    String message = newest.message() == null ? "" : newest.message();
    if (RetryPolicy.another(end, builder.attempts(), view.spec().retries())) {
      return another(builder, newest.number() + 1);
    }
    String why = newest.reason() == null ? end.label() : end.label() + " " + newest.reason();
    return switch (end) {
      case DOCUMENT -> finish(builder.failed(TrainingReason.INVALID_DOCUMENT, message));
      case DATA -> finish(builder.failed(TrainingReason.INVALID_DATA, message));
      case RESULT, INFRASTRUCTURE, TRAINER, STOPPED, SUSPENDED, UNREPORTED, MEMORY -> {
        notices.add(Notice.warning("TrialLost", why + ": " + message));
        yield finish(builder.lost(why + ": " + message));
      }
    };
  }

  private TrainingDecision another(StatusBuilder builder, int number) {
    if (hold != Hold.NONE) {
      return finish(
          builder.open(TrainingState.PENDING, TrainingReason.HELD, "No attempt starts while held"));
    }
    String job = TrainerJob.name(view.training().getMetadata().getName(), number);
    Optional<DetectorTrainingStatus> status = Optional.empty();
    // The first Job is told of when it is seen; a later one with the end of the one before.
    if (view.status().isPresent() || !attempts.isEmpty()) {
      started(number, job);
      var attempt =
          new Attempt(number, job, null, null, null, Conditions.rfc3339(view.now()), null);
      status =
          Optional.of(
              builder
                  .with(attempt)
                  .open(
                      TrainingState.PENDING,
                      TrainingReason.WAITING_FOR_POD,
                      AttemptJudge.notYet(job)));
    }
    return new TrainingDecision(
        OptionalInt.of(number),
        status,
        delete,
        notices,
        Optional.empty(),
        Optional.of(view.now().plus(QUICK)));
  }

  private TrainingDecision finish(DetectorTrainingStatus status) {
    return new TrainingDecision(
        OptionalInt.empty(),
        Optional.of(status),
        delete,
        notices,
        Optional.empty(),
        Optional.empty());
  }
}
