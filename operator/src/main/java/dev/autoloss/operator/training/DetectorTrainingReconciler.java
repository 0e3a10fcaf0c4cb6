package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.metrics.TrainingMetrics;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.OperatorError;
import dev.autoloss.operator.resource.Recorder;
import dev.autoloss.operator.resource.RefusedException;
import dev.autoloss.operator.resource.StatusPatch;
import dev.autoloss.operator.resource.Successors;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Observes a DetectorTraining, lets {@link TrainingDecider} decide, and applies. */
@ControllerConfiguration(
    name = "detectortraining",
    fieldManager = Labels.OPERATOR,
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false)
public final class DetectorTrainingReconciler implements Reconciler<DetectorTraining> {
  private static final Duration AT_ONCE = Duration.ofMillis(50);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofMinutes(1);

  /** Failed tries, about three seconds, after which an error is told in the status. */
  private static final int TOLD_AFTER = 4;

  private final String trainerImage;
  private final InstantSource clock;
  private final Recorder recorder;
  private final ProgressReader progress;
  private final TrainingMetrics metrics;
  private final WriteRates rates;
  private final StatusPatch<DetectorTraining> statuses = new StatusPatch<>();
  private final Successors<DetectorTraining> successors = new Successors<>();

  /**
   * Makes a reconciler.
   *
   * @param trainerImage image of trainers whose training names none
   * @param clock the time
   * @param recorder where events go
   * @param progress reader of the trainers' logs
   * @param metrics where numbers go
   * @param rates how fast it may write
   */
  public DetectorTrainingReconciler(
      String trainerImage,
      InstantSource clock,
      Recorder recorder,
      ProgressReader progress,
      TrainingMetrics metrics,
      WriteRates rates) {
    this.trainerImage = trainerImage;
    this.clock = clock;
    this.recorder = recorder;
    this.progress = progress;
    this.metrics = metrics;
    this.rates = rates;
  }

  @Override
  public List<EventSource<?, DetectorTraining>> prepareEventSources(
      EventSourceContext<DetectorTraining> context) {
    return Stream.concat(TrainingSources.of(context).stream(), Stream.of(successors)).toList();
  }

  @Override
  public UpdateControl<DetectorTraining> reconcile(
      DetectorTraining seen, Context<DetectorTraining> context) {
    if (context.isPrimaryResourceDeleted()) {
      forget(successors.gone(seen, context.getPrimaryCache()::get));
      return UpdateControl.noUpdate();
    }
    successors.stands(seen).ifPresent(this::forget);
    DetectorTraining training = statuses.newest(seen);
    var actions = new TrainingActions(context.getClient(), training);
    if (training.getMetadata().getDeletionTimestamp() != null) {
      forget(training.getMetadata().getUid());
      actions.releaseIfAbandoned();
      return UpdateControl.noUpdate();
    }
    return goOn(training, actions, context);
  }

  private UpdateControl<DetectorTraining> goOn(
      DetectorTraining training, TrainingActions actions, Context<DetectorTraining> context) {
    var view = new Observation(training, context, actions).view(progress, clock.instant());
    TrainingDecision decision = TrainingDecider.decide(view);
    if (decision.create().isPresent()) {
      Duration wait = rates.jobs().take(training.getMetadata().getUid());
      if (wait.isPositive()) {
        return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(wait.plusMillis(1));
      }
      if (actions.outdated()) {
        return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(SOON);
      }
      try {
        actions.create(
            new TrainerJob(training, trainerImage).attempt(decision.create().getAsInt()));
      } catch (RefusedException refused) {
        var waiting = TrainingDecider.refused(view, decision, refused.refusal());
        return apply(view, waiting, actions, context).rescheduleAfter(LATER);
      } catch (NameConflictException conflict) {
        return refuse(view, conflict, context);
      }
    }
    return apply(view, decision, actions, context);
  }

  private void forget(String uid) {
    progress.forget(uid);
    rates.forget(uid);
    statuses.forget(uid);
  }

  private UpdateControl<DetectorTraining> apply(
      TrainingView view,
      TrainingDecision decision,
      TrainingActions actions,
      Context<DetectorTraining> context) {
    Duration pause = pause(view, decision);
    if (pause.isPositive()) {
      Duration due = until(view, decision).filter(time -> time.compareTo(pause) < 0).orElse(pause);
      return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(due.plusMillis(1));
    }
    if (!decision.status().map(status -> write(view.training(), status, context)).orElse(true)) {
      return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(AT_ONCE);
    }
    decision.delete().stream().map(view::job).flatMap(Optional::stream).forEach(actions::delete);
    decision.notices().forEach(notice -> recorder.record(view.training(), notice));
    return await(view, decision);
  }

  /** How long the status has to wait, since many others tell news, too. */
  private Duration pause(TrainingView view, TrainingDecision decision) {
    String uid = view.training().getMetadata().getUid();
    if (decision.onlyNews(view.status()) && !decision.status().equals(view.status())) {
      return rates.news().take(uid);
    }
    rates.news().forget(uid);
    return Duration.ZERO;
  }

  private UpdateControl<DetectorTraining> refuse(
      TrainingView view, NameConflictException conflict, Context<DetectorTraining> context) {
    String message = conflict.line();
    var status =
        new StatusBuilder(view, SpecHash.of(view.spec()), view.recorded())
            .open(TrainingState.PENDING, TrainingReason.NAME_CONFLICT, message);
    if (write(view.training(), status, context)) {
      recorder.record(view.training(), Recorder.Notice.warning("NameConflict", message));
    }
    return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(LATER);
  }

  /** Returns false if another one has written meanwhile: then all is to be decided anew. */
  private boolean write(
      DetectorTraining training, DetectorTrainingStatus status, Context<DetectorTraining> context) {
    if (status.equals(training.getStatus())) {
      return true;
    }
    var fresh = new DetectorTraining();
    fresh.setStatus(status);
    boolean written = statuses.apply(training, fresh, context.getClient());
    if (written) {
      metrics.written(training, status);
    }
    return written;
  }

  private UpdateControl<DetectorTraining> await(TrainingView view, TrainingDecision decision) {
    String uid = view.training().getMetadata().getUid();
    if (decision.running().isPresent()) {
      progress.follow(uid, decision.running().get());
      return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(progress.interval());
    }
    progress.forget(uid);
    return until(view, decision)
        .map(delay -> delay.plusMillis(1))
        .map(delay -> delay.compareTo(LATER) < 0 ? delay : LATER)
        .map(delay -> UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(delay))
        .orElseGet(UpdateControl::noUpdate);
  }

  private static Optional<Duration> until(TrainingView view, TrainingDecision decision) {
    return decision.again().map(time -> Duration.between(view.now(), time));
  }

  /** An error that stays, of ours or of the cluster's, is told; no attempt is blamed for it. */
  @Override
  public ErrorStatusUpdateControl<DetectorTraining> updateErrorStatus(
      DetectorTraining training, Context<DetectorTraining> context, Exception error) {
    boolean stays = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) >= TOLD_AFTER;
    DetectorTrainingStatus status = training.getStatus();
    boolean settled = status != null && TrainingDecider.settled(status);
    if (!stays || settled || training.getSpec() == null) {
      return ErrorStatusUpdateControl.defaultErrorProcessing();
    }
    var view =
        new TrainingView(
            training, List.of(), List.of(), Map.of(), Optional.empty(), clock.instant());
    var fresh = new DetectorTraining();
    fresh.setMetadata(StatusPatch.metadata(training));
    fresh.setStatus(
        new StatusBuilder(view, SpecHash.of(view.spec()), view.recorded())
            .keep(TrainingReason.OPERATOR_ERROR, OperatorError.line(error)));
    return ErrorStatusUpdateControl.patchStatus(fresh);
  }
}
