package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at a training's Jobs and pods: in the caches, and past them where a lag would mislead. */
final class Observation {
  /** A Job whose pod is not there after this time may not get one; its events are dear to read. */
  private static final Duration POD_DUE = Duration.ofSeconds(30);

  private final DetectorTraining training;
  private final TrainingActions actions;
  private final List<Job> jobs;
  private final List<Pod> pods;

  Observation(
      DetectorTraining training, Context<DetectorTraining> context, TrainingActions actions) {
    this.training = training;
    this.actions = actions;
    this.jobs =
        new ArrayList<>(
            context
                .getSecondaryResourcesAsStream(Job.class)
                .filter(job -> Ownership.controls(training, job))
                .toList());
    this.pods = context.getSecondaryResourcesAsStream(Pod.class).toList();
  }

  TrainingView view(ProgressReader progress, Instant now) {
    jobs.replaceAll(
        job -> suspect(job) ? actions.job(job.getMetadata().getName()).orElse(job) : job);
    var view =
        new TrainingView(
            training,
            jobs,
            pods,
            complaints(now),
            progress.latest(training.getMetadata().getUid()),
            now);
    // The cache may lag behind our own creation: only the API server knows that a Job is gone.
    view.unseen().stream().map(actions::job).flatMap(Optional::stream).forEach(jobs::add);
    return view;
  }

  /**
   * A pod that is stopped under a Job that is not done: whether a queue has taken the Job back, or
   * somebody has only stopped the pod, is known by the API server alone.
   */
  private boolean suspect(Job job) {
    return open(job)
        && !Jobs.setAside(job)
        && Pods.newest(pods.stream().filter(pod -> Jobs.owns(job, pod)))
            .filter(
                pod ->
                    pod.getMetadata().getDeletionTimestamp() != null
                        || "Failed".equals(Pods.phase(pod))
                        || Pods.terminated(pod)
                            .filter(end -> !Integer.valueOf(0).equals(end.getExitCode()))
                            .isPresent())
            .isPresent();
  }

  private boolean open(Job job) {
    return training.getStatus() == null
        || training.getStatus().attempts() == null
        || training.getStatus().attempts().stream()
            .noneMatch(
                attempt ->
                    attempt.job().equals(job.getMetadata().getName()) && attempt.end() != null);
  }

  private boolean setAsideForLong(Job job, Instant now) {
    return training.getSpec() != null
        && Jobs.setAside(job)
        && !now.isBefore(
            Jobs.setAsideSince(job, now)
                .plusSeconds(training.getSpec().deadlines().pendingSeconds()));
  }

  private Map<String, String> complaints(Instant now) {
    var complaints = new HashMap<String, String>();
    for (Job job : jobs) {
      if (open(job) && setAsideForLong(job, now)) {
        Jobs.queue(job)
            .flatMap(actions::missingQueue)
            .ifPresent(words -> complaints.put(job.getMetadata().getName(), words));
      }
      if (open(job)
          && Jobs.finished(job).isEmpty()
          && !Jobs.setAside(job)
          && !now.isBefore(Jobs.started(job, now).plus(POD_DUE))
          && pods.stream().noneMatch(pod -> Jobs.owns(job, pod))) {
        actions
            .complaint(job)
            .ifPresent(words -> complaints.put(job.getMetadata().getName(), words));
      }
    }
    return complaints;
  }
}
