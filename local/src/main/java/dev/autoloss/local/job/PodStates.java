package dev.autoloss.local.job;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Job's pod, and the statuses of both, as the Job controller and a kubelet would write them. */
final class PodStates {
  private static final int SUFFIX = 5;
  private static final String NODE = "this-machine";
  private static final String DEADLINE = "DeadlineExceeded";

  private PodStates() {}

  /** The one pod of a Job: the same name whenever it is made. */
  static Pod pod(Job job) {
    var metadata = job.getMetadata();
    String uid = metadata.getUid().replace("-", "");
    return new PodBuilder()
        .withNewMetadataLike(job.getSpec().getTemplate().getMetadata())
        .withName(metadata.getName() + "-" + uid.substring(uid.length() - SUFFIX))
        .withNamespace(metadata.getNamespace())
        .addToLabels("batch.kubernetes.io/job-name", metadata.getName())
        .addToLabels("batch.kubernetes.io/controller-uid", metadata.getUid())
        .addToLabels("job-name", metadata.getName())
        .addToLabels("controller-uid", metadata.getUid())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .withNewSpecLike(job.getSpec().getTemplate().getSpec())
        .withNodeName(NODE)
        .endSpec()
        .build();
  }

  static boolean finished(Job job) {
    return job.getStatus() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType()))
                        && "True".equals(condition.getStatus()));
  }

  /** The end that a pod's status tells of; empty while it has not ended. */
  static Optional<ProcessEnd> ended(Pod pod) {
    PodStatus status = pod.getStatus();
    if (status == null || status.getContainerStatuses() == null) {
      return Optional.empty();
    }
    return status.getContainerStatuses().stream()
        .map(container -> container.getState().getTerminated())
        .filter(terminated -> terminated != null)
        .findFirst()
        .map(PodStates::end);
  }

  private static ProcessEnd end(ContainerStateTerminated terminated) {
    Instant finished = Instant.parse(terminated.getFinishedAt());
    return new ProcessEnd(
        terminated.getExitCode(),
        terminated.getReason(),
        terminated.getMessage() == null ? "" : terminated.getMessage(),
        terminated.getStartedAt() == null ? finished : Instant.parse(terminated.getStartedAt()),
        finished);
  }

  static PodStatus pending() {
    return new PodStatusBuilder().withPhase("Pending").build();
  }

  static PodStatus running(Pod pod, Instant started) {
    ContainerState state =
        new ContainerStateBuilder()
            .withNewRunning()
            .withStartedAt(time(started))
            .endRunning()
            .build();
    return status(pod, "Running", null, started, state);
  }

  static PodStatus ended(Pod pod, ProcessEnd end, boolean overdue) {
    ContainerState state =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(end.exitCode())
            .withReason(end.reason())
            .withMessage(end.message().isEmpty() ? null : end.message())
            .withStartedAt(time(end.started()))
            .withFinishedAt(time(end.finished()))
            .endTerminated()
            .build();
    String phase = end.exitCode() == 0 && !overdue ? "Succeeded" : "Failed";
    return status(pod, phase, overdue ? DEADLINE : null, end.started(), state);
  }

  private static PodStatus status(
      Pod pod, String phase, @Nullable String reason, Instant started, ContainerState state) {
    var container = pod.getSpec().getContainers().getFirst();
    return new PodStatusBuilder()
        .withPhase(phase)
        .withReason(reason)
        .withStartTime(time(started))
        .withContainerStatuses(
            new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady(state.getRunning() != null)
                .withRestartCount(0)
                .withState(state)
                .build())
        .build();
  }

  static JobStatus active(Instant started) {
    return new JobStatusBuilder().withActive(1).withStartTime(time(started)).build();
  }

  static JobStatus finished(ProcessEnd end, boolean failed) {
    var builder = new JobStatusBuilder().withStartTime(time(end.started()));
    builder
        .addNewCondition()
        .withType(failed ? "Failed" : "Complete")
        .withStatus("True")
        .withReason(failed ? "BackoffLimitExceeded" : "CompletionsReached")
        .withLastTransitionTime(time(end.finished()))
        .withLastProbeTime(time(end.finished()))
        .endCondition();
    return failed
        ? builder.withFailed(1).build()
        : builder.withSucceeded(1).withCompletionTime(time(end.finished())).build();
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
