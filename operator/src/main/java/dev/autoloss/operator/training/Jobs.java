package dev.autoloss.operator.training;

import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Optional;

/** What the Job controller, and a queue that stands before it, say of an attempt's Job. */
final class Jobs {
  static final String QUEUE = "kueue.x-k8s.io/queue-name";

  private Jobs() {}

  static boolean owns(Job job, Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            owner ->
                "Job".equals(owner.getKind())
                    && job.getMetadata().getName().equals(owner.getName())
                    && job.getMetadata().getUid().equals(owner.getUid()));
  }

  /**
   * A queue has not let the Job start, or has taken it back. One that was just let go on is still
   * set aside until its controller has noticed.
   */
  static boolean setAside(Job job) {
    return suspended(job) || (condition(job, "Suspended").isPresent() && finished(job).isEmpty());
  }

  private static boolean suspended(Job job) {
    return job.getSpec() != null && Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  /** Pods from before a queue took the Job back tell nothing of the Job as it is. */
  static boolean outlived(Job job, Pod pod) {
    if (!wasSuspended(job)) {
      return false;
    }
    Optional<Instant> start = Conditions.time(job.getStatus().getStartTime());
    Optional<Instant> made = Conditions.time(pod.getMetadata().getCreationTimestamp());
    return start.isPresent() && made.isPresent() && made.get().isBefore(start.get());
  }

  /**
   * Since when the Job is set aside, by its own word; one that ran before and was just taken back,
   * which its controller has not noticed yet, since now.
   */
  static Instant setAsideSince(Job job, Instant now) {
    return condition(job, "Suspended")
        .flatMap(condition -> Conditions.time(condition.getLastTransitionTime()))
        .orElseGet(() -> wasSuspended(job) ? now : created(job, now));
  }

  /** The queue that the Job waits in. */
  static Optional<String> queue(Job job) {
    return Ownership.label(job, QUEUE);
  }

  static Instant created(Job job, Instant otherwise) {
    return Conditions.time(job.getMetadata().getCreationTimestamp()).orElse(otherwise);
  }

  /** Its controller has noticed a suspension at least once. */
  private static boolean wasSuspended(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(one -> "Suspended".equals(one.getType()));
  }

  /** When its controller last began to make pods, or else its creation. */
  static Instant started(Job job, Instant otherwise) {
    Instant created = created(job, otherwise);
    Instant started =
        job.getStatus() == null
            ? created
            : Conditions.time(job.getStatus().getStartTime()).orElse(created);
    return started.isAfter(created) ? started : created;
  }

  /** When the Job ended, by its own word. */
  static Optional<Instant> finished(Job job) {
    return condition(job, "Complete")
        .or(() -> condition(job, "Failed"))
        .map(
            condition ->
                Conditions.time(condition.getLastTransitionTime())
                    .or(() -> Conditions.time(job.getMetadata().getCreationTimestamp()))
                    .orElse(Instant.EPOCH));
  }

  static boolean failed(Job job) {
    return condition(job, "Failed").isPresent();
  }

  private static Optional<JobCondition> condition(Job job, String type) {
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .findFirst();
  }
}
