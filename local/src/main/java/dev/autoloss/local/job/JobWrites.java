package dev.autoloss.local.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.function.Supplier;

/** What the runner writes to the API server; each write may be repeated. */
final class JobWrites {
  private final KubernetesClient client;

  JobWrites(KubernetesClient client) {
    this.client = client;
  }

  /** The pod of a Job, made if it is not there. */
  Pod pod(Job job) {
    Pod wanted = PodStates.pod(job);
    Pod found = resource(wanted).get();
    return found == null ? client.resource(wanted).create() : found;
  }

  /** Lets a Job wait without its deadlines running. */
  void queue(Job job) {
    suspend(job, true);
  }

  /** Lets a Job wait as if it had never run; one whose pod has ended stays as it is. */
  void queueAgain(Job job) {
    Pod pod = resource(PodStates.pod(job)).get();
    if (pod != null && PodStates.ended(pod).isPresent()) {
      return;
    }
    suspend(job, true);
    if (pod != null) {
      write(pod, PodStates.pending());
    }
  }

  void release(Job job) {
    suspend(job, false);
  }

  void running(Job job, Instant started) {
    Pod pod = pod(job);
    write(pod, PodStates.running(pod, started));
    write(job, PodStates.active(started));
  }

  /** The pod first: a Job that has ended is looked at no more. */
  void ended(Job job, ProcessEnd end, boolean overdue) {
    Pod pod = resource(PodStates.pod(job)).get();
    boolean failed = end.exitCode() != 0 || overdue;
    if (pod != null) {
      write(pod, PodStates.ended(pod, end, overdue));
    }
    jobEnded(job, end, failed || pod == null);
  }

  void jobEnded(Job job, ProcessEnd end, boolean failed) {
    write(job, PodStates.finished(end, failed));
  }

  private void suspend(Job job, boolean suspend) {
    if (suspend != Boolean.TRUE.equals(job.getSpec().getSuspend())) {
      unlessGone(
          () ->
              resource(job)
                  .edit(
                      found -> {
                        found.getSpec().setSuspend(suspend);
                        return found;
                      }));
    }
  }

  private void write(Pod pod, PodStatus status) {
    unlessGone(
        () ->
            resource(pod)
                .editStatus(
                    found -> {
                      found.setStatus(status);
                      return found;
                    }));
  }

  private void write(Job job, JobStatus status) {
    unlessGone(
        () ->
            resource(job)
                .editStatus(
                    found -> {
                      found.setStatus(status);
                      return found;
                    }));
  }

  /** What was deleted meanwhile needs no word. */
  private static void unlessGone(Supplier<?> write) {
    try {
      var _ = write.get();
    } catch (KubernetesClientException failure) {
      if (failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw failure;
      }
    }
  }

  private PodResource resource(Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName());
  }

  private ScalableResource<Job> resource(Job job) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace(job.getMetadata().getNamespace())
        .withName(job.getMetadata().getName());
  }
}
