package dev.autoloss.operator.training;

import dev.autoloss.api.Deadlines;
import dev.autoloss.api.ExitCode;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells from a Job and its pods how an attempt stands, and whose fault an end without result is.
 */
final class AttemptJudge {
  static final String CONTAINER = "trainer";

  private static final Set<String> DISRUPTIONS =
      Set.of(
          "Evicted",
          "NodeLost",
          "NodeShutdown",
          "NodeAffinity",
          "Preempted",
          "Preempting",
          "Shutdown",
          "Terminated",
          "UnexpectedAdmissionError",
          "OutOfcpu",
          "OutOfmemory",
          "OutOfpods");
  private static final String DEADLINE = "DeadlineExceeded";
  private static final Set<String> NEVER_RAN =
      Set.of("ContainerStatusUnknown", "StartError", "ContainerCannotRun");

  private final String specHash;
  private final long seed;
  private final Deadlines deadlines;
  private final Instant now;

  AttemptJudge(String specHash, long seed, Deadlines deadlines, Instant now) {
    this.specHash = specHash;
    this.seed = seed;
    this.deadlines = deadlines;
    this.now = now;
  }

  /** Judges a Job that exists by the newest of its pods. */
  Judgement judge(Job job, List<Pod> pods) {
    Optional<Pod> newest =
        pods.stream()
            .filter(pod -> belongs(pod, job))
            .max(Comparator.comparing(pod -> text(pod.getMetadata().getCreationTimestamp())));
    return newest.isPresent() ? judgePod(job, newest.get()) : judgePodless(job);
  }

  private static boolean belongs(Pod pod, Job job) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            owner ->
                "Job".equals(owner.getKind())
                    && job.getMetadata().getName().equals(owner.getName())
                    && job.getMetadata().getUid().equals(owner.getUid()));
  }

  private Judgement judgePod(Job job, Pod pod) {
    Optional<ContainerStatus> container = container(pod);
    Optional<ContainerStateTerminated> terminated =
        container.map(ContainerStatus::getState).map(ContainerState::getTerminated);
    if (terminated.isPresent()) {
      return judgeTerminated(job, pod, container.get(), terminated.get());
    }
    String phase = pod.getStatus() == null ? "Pending" : text(pod.getStatus().getPhase());
    return switch (phase) {
      case "Failed" -> judgeFailedPod(pod);
      case "Running" ->
          finished(job).<Judgement>map(this::awaitMessage).orElse(new Judgement.Running(pod));
      case "Succeeded" -> awaitMessage(finished(job).orElse(now));
      default -> waiting(job);
    };
  }

  private Judgement judgeTerminated(
      Job job, Pod pod, ContainerStatus container, ContainerStateTerminated terminated) {
    return switch (TerminationMessage.read(terminated.getMessage(), specHash, seed)) {
      case TerminationMessage.Valid valid ->
          new Judgement.Reported(
              valid.result(),
              Optional.ofNullable(container.getImageID()).filter(id -> !id.isBlank()));
      case TerminationMessage.Invalid invalid ->
          new Judgement.Ended(AttemptEnd.TRAINER, invalid.fault());
      case TerminationMessage.Line line -> judgeExit(job, pod, terminated, line.text());
    };
  }

  private Judgement judgeExit(Job job, Pod pod, ContainerStateTerminated terminated, String line) {
    int code = terminated.getExitCode() == null ? -1 : terminated.getExitCode();
    if (code == ExitCode.RESULT.code()) {
      return awaitMessage(
          Conditions.time(terminated.getFinishedAt()).or(() -> finished(job)).orElse(now));
    }
    return ExitCode.of(code)
        .flatMap(known -> users(known, line))
        .or(
            () ->
                disruption(pod, terminated)
                    .map(reason -> new Judgement.Ended(AttemptEnd.INFRASTRUCTURE, reason)))
        .orElseGet(() -> trainers(pod, terminated, code, line));
  }

  /** Ends that the user or the cluster's owner has to mend: no retry helps. */
  private static Optional<Judgement.Ended> users(ExitCode code, String line) {
    return switch (code) {
      case DOCUMENT -> ended(AttemptEnd.DOCUMENT, orElse(line, "the document is wrong"));
      case DATA -> ended(AttemptEnd.DATA, orElse(line, "the data is wrong"));
      case MEMORY ->
          ended(AttemptEnd.MEMORY, orElse(line, "the accelerator's memory is too small"));
      case RESULT, DIVERGED, REJECTED, STOPPED -> Optional.empty();
    };
  }

  private static Optional<Judgement.Ended> ended(AttemptEnd end, String message) {
    return Optional.of(new Judgement.Ended(end, message));
  }

  private Judgement.Ended trainers(
      Pod pod, ContainerStateTerminated terminated, int code, String line) {
    if (DEADLINE.equals(podReason(pod))) {
      return ranTooLong();
    }
    if (code == ExitCode.STOPPED.code()) {
      return new Judgement.Ended(AttemptEnd.STOPPED, orElse(line, "stopped by a signal"));
    }
    String reason = text(terminated.getReason());
    return new Judgement.Ended(
        AttemptEnd.TRAINER,
        "exit code "
            + code
            + (reason.isEmpty() ? "" : " " + reason)
            + (line.isEmpty() ? "" : ": " + line));
  }

  private Judgement.Ended ranTooLong() {
    return new Judgement.Ended(
        AttemptEnd.TRAINER, "ran longer than " + deadlines.runSeconds() + " s");
  }

  private Judgement judgeFailedPod(Pod pod) {
    String reason = podReason(pod);
    return DEADLINE.equals(reason)
        ? ranTooLong()
        : new Judgement.Ended(
            AttemptEnd.INFRASTRUCTURE, "pod failed: " + orElse(reason, "no reason given"));
  }

  private Judgement judgePodless(Job job) {
    Optional<Instant> end = finished(job);
    if (end.isEmpty()) {
      return waiting(job);
    }
    boolean failed = jobCondition(job, "Failed").isPresent();
    Instant until = end.get().plusSeconds(deadlines.resultGraceSeconds());
    if (failed && !now.isBefore(until)) {
      return new Judgement.Ended(AttemptEnd.INFRASTRUCTURE, "the Job failed and its pod is gone");
    }
    return awaitMessage(end.get());
  }

  private Judgement awaitMessage(Instant end) {
    Instant until = end.plusSeconds(deadlines.resultGraceSeconds());
    return now.isBefore(until)
        ? new Judgement.AwaitingMessage(until)
        : new Judgement.Ended(AttemptEnd.UNREPORTED, "it ended and left no result");
  }

  /** A suspended Job waits in a queue of the cluster's, which knows what it does. */
  private Judgement waiting(Job job) {
    if (job.getSpec() != null && Boolean.TRUE.equals(job.getSpec().getSuspend())) {
      return new Judgement.Waiting(Optional.empty());
    }
    Instant created = Conditions.time(job.getMetadata().getCreationTimestamp()).orElse(now);
    Instant started =
        job.getStatus() == null
            ? created
            : Conditions.time(job.getStatus().getStartTime()).orElse(created);
    Instant deadline =
        (started.isAfter(created) ? started : created).plusSeconds(deadlines.pendingSeconds());
    return now.isBefore(deadline)
        ? new Judgement.Waiting(Optional.of(deadline))
        : new Judgement.Overdue("no pod ran within " + deadlines.pendingSeconds() + " s");
  }

  private static Optional<String> disruption(Pod pod, ContainerStateTerminated terminated) {
    if (pod.getStatus() != null && pod.getStatus().getConditions() != null) {
      Optional<String> target =
          pod.getStatus().getConditions().stream()
              .filter(condition -> "DisruptionTarget".equals(condition.getType()))
              .filter(condition -> "True".equals(condition.getStatus()))
              .map(condition -> "disrupted: " + text(condition.getReason()))
              .findFirst();
      if (target.isPresent()) {
        return target;
      }
    }
    String reason = podReason(pod);
    if (DISRUPTIONS.contains(reason)) {
      return Optional.of("disrupted: " + reason);
    }
    String containerReason = text(terminated.getReason());
    return NEVER_RAN.contains(containerReason)
        ? Optional.of("container: " + containerReason)
        : Optional.empty();
  }

  /** When the Job ended, by its own word. */
  private static Optional<Instant> finished(Job job) {
    return jobCondition(job, "Complete")
        .or(() -> jobCondition(job, "Failed"))
        .map(
            condition ->
                Conditions.time(condition.getLastTransitionTime())
                    .or(() -> Conditions.time(job.getMetadata().getCreationTimestamp()))
                    .orElse(Instant.EPOCH));
  }

  private static Optional<JobCondition> jobCondition(Job job, String type) {
    if (job.getStatus() == null || job.getStatus().getConditions() == null) {
      return Optional.empty();
    }
    return job.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .filter(condition -> "True".equals(condition.getStatus()))
        .findFirst();
  }

  private static Optional<ContainerStatus> container(Pod pod) {
    if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> CONTAINER.equals(status.getName()))
        .findFirst();
  }

  private static String podReason(Pod pod) {
    return pod.getStatus() == null ? "" : text(pod.getStatus().getReason());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
