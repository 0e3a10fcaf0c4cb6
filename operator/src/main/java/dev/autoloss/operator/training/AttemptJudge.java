package dev.autoloss.operator.training;

import dev.autoloss.api.Deadlines;
import dev.autoloss.api.ExitCode;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** What a kubelet takes, beyond the time that a pod is given to end. */
  private static final Duration KUBELET = Duration.ofMinutes(5);

  /** Between two looks at a queue that has not admitted a Job for long. */
  private static final Duration LOOK = Duration.ofMinutes(10);

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

  /**
   * Judges a Job that exists by the newest of its pods.
   *
   * @param complaint what the Job controller says if it can't make a pod, or what is wrong with the
   *     queue of a Job that is set aside
   */
  Judgement judge(Job job, List<Pod> pods, Optional<String> complaint) {
    Optional<Pod> newest =
        Pods.newest(
            pods.stream().filter(pod -> Jobs.owns(job, pod)).filter(pod -> !outlived(job, pod)));
    if (Jobs.setAside(job)) {
      return newest
          .flatMap(this::reported)
          .<Judgement>map(some -> some)
          .orElseGet(() -> queued(job, complaint));
    }
    return newest.isPresent() ? judgePod(job, newest.get()) : judgePodless(job, complaint);
  }

  /** A result is one, whatever became of its pod. */
  private boolean outlived(Job job, Pod pod) {
    return Jobs.outlived(job, pod) && reported(pod).isEmpty();
  }

  /** A queue may hold work for days: that is told once it takes long, and fails nothing. */
  private Judgement queued(Job job, Optional<String> complaint) {
    Instant told = Jobs.setAsideSince(job, now).plusSeconds(deadlines.pendingSeconds());
    if (now.isBefore(told)) {
      return new Judgement.Waiting(
          Optional.of(told),
          TrainingReason.QUEUED,
          "its Job is suspended and waits in its queue: kubectl get workloads");
    }
    String namespace = job.getMetadata().getNamespace();
    String message =
        complaint
            .or(
                () ->
                    Jobs.queue(job)
                        .map(
                            queue ->
                                "queue %s has not admitted its Job for %d s: kubectl describe localqueue %s -n %s; kubectl get workloads -n %s"
                                    .formatted(
                                        queue,
                                        deadlines.pendingSeconds(),
                                        queue,
                                        namespace,
                                        namespace)))
            .orElse(
                "its Job is suspended for %d s and names no queue: kubectl get job %s -n %s -o yaml"
                    .formatted(deadlines.pendingSeconds(), job.getMetadata().getName(), namespace));
    return new Judgement.Waiting(
        Optional.of(now.plus(LOOK)),
        complaint.isPresent() ? TrainingReason.QUEUE_MISSING : TrainingReason.NOT_ADMITTED,
        message);
  }

  private Optional<Judgement.Reported> reported(Pod pod) {
    return Pods.terminated(pod)
        .map(end -> TerminationMessage.read(end.getMessage(), specHash, seed))
        .flatMap(
            message ->
                message instanceof TerminationMessage.Valid valid
                    ? Optional.of(new Judgement.Reported(valid.result(), image(pod)))
                    : Optional.empty());
  }

  private static Optional<String> image(Pod pod) {
    return Pods.container(pod).map(ContainerStatus::getImageID).filter(id -> !id.isBlank());
  }

  private Judgement judgePod(Job job, Pod pod) {
    Optional<ContainerStateTerminated> terminated = Pods.terminated(pod);
    if (terminated.isPresent()) {
      return judgeTerminated(job, pod, terminated.get());
    }
    return switch (Pods.phase(pod)) {
      case "Failed" -> judgeFailedPod(pod);
      case "Running" ->
          Jobs.finished(job).<Judgement>map(this::awaitMessage).orElseGet(() -> running(pod));
      case "Succeeded" -> awaitMessage(Jobs.finished(job).orElse(now));
      default -> Pods.deletion(pod).isPresent() ? running(pod) : waiting(job, pod);
    };
  }

  private Judgement judgeTerminated(Job job, Pod pod, ContainerStateTerminated terminated) {
    return switch (TerminationMessage.read(terminated.getMessage(), specHash, seed)) {
      case TerminationMessage.Valid valid -> new Judgement.Reported(valid.result(), image(pod));
      case TerminationMessage.Invalid invalid ->
          new Judgement.Ended(AttemptEnd.TRAINER, TrainingReason.INVALID_RESULT, invalid.fault());
      case TerminationMessage.Line line -> judgeExit(job, pod, terminated, line.text());
    };
  }

  private Judgement judgeExit(Job job, Pod pod, ContainerStateTerminated terminated, String line) {
    int code = terminated.getExitCode() == null ? -1 : terminated.getExitCode();
    if (code == ExitCode.RESULT.code()) {
      return awaitMessage(
          Conditions.time(terminated.getFinishedAt()).or(() -> Jobs.finished(job)).orElse(now));
    }
    return ExitCode.of(code)
        .flatMap(known -> users(known, line))
        .or(() -> disruption(pod, terminated))
        .orElseGet(() -> trainers(pod, terminated, code, line));
  }

  /** Ends that the user or the cluster's owner has to mend: no retry helps. */
  private static Optional<Judgement.Ended> users(ExitCode code, String line) {
    return switch (code) {
      case DOCUMENT ->
          ended(
              AttemptEnd.DOCUMENT,
              TrainingReason.INVALID_DOCUMENT,
              orElse(line, "the document is wrong"));
      case DATA ->
          ended(AttemptEnd.DATA, TrainingReason.INVALID_DATA, orElse(line, "the data is wrong"));
      case MEMORY ->
          ended(
              AttemptEnd.MEMORY,
              TrainingReason.ACCELERATOR_MEMORY,
              orElse(line, "the accelerator's memory is too small"));
      case RESULT, DIVERGED, REJECTED, STOPPED -> Optional.empty();
    };
  }

  private static Optional<Judgement.Ended> ended(
      AttemptEnd end, TrainingReason reason, String message) {
    return Optional.of(new Judgement.Ended(end, reason, message));
  }

  private Judgement.Ended trainers(
      Pod pod, ContainerStateTerminated terminated, int code, String line) {
    if (DEADLINE.equals(Pods.reason(pod))) {
      return ranTooLong();
    }
    if (code == ExitCode.STOPPED.code()) {
      return new Judgement.Ended(
          AttemptEnd.STOPPED, TrainingReason.SIGNALLED, orElse(line, "stopped by a signal"));
    }
    String reason = Pods.text(terminated.getReason());
    return new Judgement.Ended(
        AttemptEnd.TRAINER,
        TrainingReason.CRASHED,
        "exit code "
            + code
            + (reason.isEmpty() ? "" : " " + reason)
            + (line.isEmpty() ? "" : ": " + line));
  }

  private Judgement.Ended ranTooLong() {
    return new Judgement.Ended(
        AttemptEnd.TRAINER,
        TrainingReason.RAN_TOO_LONG,
        "ran longer than deadlines.runSeconds, " + deadlines.runSeconds() + " s");
  }

  private Judgement judgeFailedPod(Pod pod) {
    String reason = Pods.reason(pod);
    return DEADLINE.equals(reason)
        ? ranTooLong()
        : new Judgement.Ended(
            AttemptEnd.INFRASTRUCTURE,
            DISRUPTIONS.contains(reason) ? TrainingReason.DISRUPTED : TrainingReason.POD_FAILED,
            "pod failed: " + orElse(reason, "no reason given"));
  }

  /**
   * A pod that should have ended long ago runs where no kubelet ends it: its node is lost, and with
   * it the pod, which stays Terminating until somebody removes the node.
   */
  private Judgement running(Pod pod) {
    Optional<Instant> until =
        Pods.deletion(pod)
            .or(() -> Pods.start(pod).map(start -> start.plusSeconds(deadlines.runSeconds())))
            .map(end -> end.plusSeconds(deadlines.resultGraceSeconds()).plus(KUBELET));
    if (until.isEmpty() || now.isBefore(until.get())) {
      return new Judgement.Running(pod, until);
    }
    return new Judgement.Ended(
        AttemptEnd.INFRASTRUCTURE,
        TrainingReason.NODE_LOST,
        "pod %s was to end and node %s has not ended it; if the node is gone: kubectl delete node %s"
            .formatted(pod.getMetadata().getName(), Pods.node(pod), Pods.node(pod)),
        true);
  }

  private Judgement judgePodless(Job job, Optional<String> complaint) {
    Optional<Instant> end = Jobs.finished(job);
    if (end.isEmpty()) {
      return waiting(job, complaint);
    }
    Instant until = end.get().plusSeconds(deadlines.resultGraceSeconds());
    if (Jobs.failed(job) && !now.isBefore(until)) {
      return new Judgement.Ended(
          AttemptEnd.INFRASTRUCTURE,
          TrainingReason.POD_VANISHED,
          "the Job failed and its pod was removed before its message was read");
    }
    return awaitMessage(end.get());
  }

  private Judgement awaitMessage(Instant end) {
    Instant until = end.plusSeconds(deadlines.resultGraceSeconds());
    return now.isBefore(until)
        ? new Judgement.AwaitingMessage(until)
        : new Judgement.Ended(
            AttemptEnd.UNREPORTED,
            TrainingReason.NO_MESSAGE,
            "it ended and left no result; its log may tell more");
  }

  private Judgement waiting(Job job, Pod pod) {
    Optional<Pods.Hindrance> hindrance = Pods.hindrance(pod);
    return waiting(
        job,
        hindrance.map(Pods.Hindrance::reason).orElse(TrainingReason.WAITING_FOR_POD),
        hindrance.map(Pods.Hindrance::message).orElse(notYet(job.getMetadata().getName())));
  }

  static String notYet(String job) {
    return "no trainer runs yet: kubectl describe job " + job;
  }

  private Judgement waiting(Job job, Optional<String> complaint) {
    String name = job.getMetadata().getName();
    Enum<?> reason =
        complaint
            .<Enum<?>>map(
                words ->
                    words.contains("exceeded quota") || words.contains("failed quota")
                        ? Refusal.Kind.QUOTA_EXCEEDED
                        : TrainingReason.NO_POD)
            .orElse(TrainingReason.WAITING_FOR_POD);
    return waiting(
        job,
        reason,
        complaint
            .map(words -> "no pod can be made: " + words + ": kubectl describe job " + name)
            .orElse(notYet(name)));
  }

  private Judgement waiting(Job job, Enum<?> reason, String message) {
    Instant deadline = Jobs.started(job, now).plusSeconds(deadlines.pendingSeconds());
    return now.isBefore(deadline)
        ? new Judgement.Waiting(Optional.of(deadline), reason, message)
        : new Judgement.Overdue(
            reason,
            "no trainer ran within deadlines.pendingSeconds, %d s: %s"
                .formatted(deadlines.pendingSeconds(), message));
  }

  private static Optional<Judgement.Ended> disruption(
      Pod pod, ContainerStateTerminated terminated) {
    String reason = Pods.reason(pod);
    Optional<String> disruption =
        Pods.condition(pod, "DisruptionTarget", "True")
            .map(target -> Pods.text(target.getReason()))
            .or(() -> Optional.of(reason).filter(DISRUPTIONS::contains));
    if (disruption.isPresent()) {
      return ended(
          AttemptEnd.INFRASTRUCTURE,
          TrainingReason.DISRUPTED,
          "disrupted on node %s: %s".formatted(Pods.node(pod), disruption.get()));
    }
    String containerReason = Pods.text(terminated.getReason());
    if ("OOMKilled".equals(containerReason)) {
      return ended(
          AttemptEnd.INFRASTRUCTURE,
          TrainingReason.OUT_OF_MEMORY,
          "the container's memory (the host's, not the accelerator's) was too small: raise"
              + " pod.resources.limits.memory");
    }
    return NEVER_RAN.contains(containerReason)
        ? ended(
            AttemptEnd.INFRASTRUCTURE,
            TrainingReason.CONTAINER_NOT_STARTED,
            "container: " + containerReason + " " + Pods.text(terminated.getMessage()))
        : Optional.empty();
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }
}
