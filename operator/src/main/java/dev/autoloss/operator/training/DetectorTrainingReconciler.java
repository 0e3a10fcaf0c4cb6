package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.metrics.TrainingMetrics;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder;
import dev.autoloss.operator.resource.StatusPatch;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Observes a DetectorTraining, lets {@link TrainingDecider} decide, and applies. */
@ControllerConfiguration(
    name = "detectortraining",
    fieldManager = Labels.OPERATOR,
    triggerReconcilerOnAllEvents = true,
    generationAwareEventProcessing = false)
public final class DetectorTrainingReconciler implements Reconciler<DetectorTraining> {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofMinutes(1);

  private final String trainerImage;
  private final InstantSource clock;
  private final Recorder recorder;
  private final ProgressReader progress;
  private final TrainingMetrics metrics;

  /**
   * Makes a reconciler.
   *
   * @param trainerImage image of trainers whose training names none
   * @param clock the time
   * @param recorder where events go
   * @param progress reader of the trainers' logs
   * @param metrics where numbers go
   */
  public DetectorTrainingReconciler(
      String trainerImage,
      InstantSource clock,
      Recorder recorder,
      ProgressReader progress,
      TrainingMetrics metrics) {
    this.trainerImage = trainerImage;
    this.clock = clock;
    this.recorder = recorder;
    this.progress = progress;
    this.metrics = metrics;
  }

  @Override
  public List<EventSource<?, DetectorTraining>> prepareEventSources(
      EventSourceContext<DetectorTraining> context) {
    return TrainingSources.of(context);
  }

  @Override
  public UpdateControl<DetectorTraining> reconcile(
      DetectorTraining training, Context<DetectorTraining> context) {
    var metadata = training.getMetadata();
    if (context.isPrimaryResourceDeleted()) {
      progress.forget(metadata.getUid());
      return UpdateControl.noUpdate();
    }
    var actions = new TrainingActions(context.getClient(), training);
    if (metadata.getDeletionTimestamp() != null) {
      progress.forget(metadata.getUid());
      actions.releaseIfAbandoned();
      return UpdateControl.noUpdate();
    }
    TrainingView view = observe(training, context, actions);
    TrainingDecision decision = TrainingDecider.decide(view);
    if (decision.create().isPresent()) {
      if (actions.outdated()) {
        return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(SOON);
      }
      try {
        actions.create(
            new TrainerJob(training, trainerImage).attempt(decision.create().getAsInt()));
      } catch (NameConflictException conflict) {
        return refuse(view, conflict, context);
      }
    }
    write(training, decision.status(), context);
    decision.delete().stream().map(view::job).flatMap(Optional::stream).forEach(actions::delete);
    decision.notices().forEach(notice -> recorder.record(training, notice));
    return await(view, decision);
  }

  private TrainingView observe(
      DetectorTraining training, Context<DetectorTraining> context, TrainingActions actions) {
    var jobs =
        new ArrayList<>(
            context
                .getSecondaryResourcesAsStream(Job.class)
                .filter(job -> Ownership.controls(training, job))
                .toList());
    var view =
        new TrainingView(
            training,
            jobs,
            context.getSecondaryResourcesAsStream(Pod.class).toList(),
            progress.latest(training.getMetadata().getUid()),
            clock.instant());
    // The cache may lag behind our own creation: only the API server knows that a Job is gone.
    view.unseen().stream().map(actions::job).flatMap(Optional::stream).forEach(jobs::add);
    return view;
  }

  private UpdateControl<DetectorTraining> refuse(
      TrainingView view, NameConflictException conflict, Context<DetectorTraining> context) {
    String message = conflict.line();
    var status =
        new StatusBuilder(view, SpecHash.of(view.spec()), view.recorded())
            .open(TrainingState.PENDING, TrainingReason.NAME_CONFLICT, message);
    write(view.training(), status, context);
    recorder.record(view.training(), Recorder.Notice.warning("NameConflict", message));
    return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(LATER);
  }

  private void write(
      DetectorTraining training, DetectorTrainingStatus status, Context<DetectorTraining> context) {
    if (!status.equals(training.getStatus())) {
      var fresh = new DetectorTraining();
      fresh.setStatus(status);
      StatusPatch.apply(training, fresh, context);
      metrics.written(training, status);
    }
  }

  private UpdateControl<DetectorTraining> await(TrainingView view, TrainingDecision decision) {
    String uid = view.training().getMetadata().getUid();
    if (decision.running().isPresent()) {
      progress.follow(uid, decision.running().get());
      return UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(progress.interval());
    }
    progress.forget(uid);
    return decision
        .again()
        .map(time -> Duration.between(view.now(), time).plusMillis(1))
        .map(delay -> UpdateControl.<DetectorTraining>noUpdate().rescheduleAfter(delay))
        .orElseGet(UpdateControl::noUpdate);
  }
}
