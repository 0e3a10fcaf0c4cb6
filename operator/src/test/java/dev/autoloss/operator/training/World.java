package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.SpecHash;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.ContainerStateTerminatedBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An API server in a map, a clock in a field, and a kubelet that does what the test says. */
final class World {
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final DetectorTraining training = Samples.training("t");
  final Map<String, Job> jobs = new LinkedHashMap<>();
  final Map<String, Pod> pods = new LinkedHashMap<>();
  final List<String> created = new ArrayList<>();
  final List<String> deleted = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final Map<String, String> complaints = new HashMap<>();
  Optional<Refusal> refusal = Optional.empty();
  int writes;
  int crashAt = -1;

  /** Whether so many others tell news that this training's have to wait. */
  boolean crowded;

  TrainingDecision last;

  TrainingDecision reconcile() {
    var view =
        new TrainingView(
            training,
            List.copyOf(jobs.values()),
            List.copyOf(pods.values()),
            complaints,
            Optional.empty(),
            now);
    last = TrainingDecider.decide(view);
    if (last.create().isPresent() && refusal.isPresent()) {
      last = TrainingDecider.refused(view, last, refusal.get());
    }
    last.create()
        .ifPresent(
            number -> {
              Job job = new TrainerJob(training, "trainer:1").attempt(number);
              job.getMetadata().setUid("uid-" + job.getMetadata().getName());
              job.getMetadata().setCreationTimestamp(Conditions.rfc3339(now));
              write(
                  () -> {
                    if (jobs.putIfAbsent(job.getMetadata().getName(), job) == null) {
                      created.add(job.getMetadata().getName());
                    }
                  });
            });
    boolean waits = crowded && last.onlyNews(view.status());
    last.status()
        .filter(_ -> !waits)
        .filter(status -> !status.equals(training.getStatus()))
        .ifPresent(status -> write(() -> training.setStatus(status)));
    for (String job : last.delete()) {
      write(
          () -> {
            deleted.add(job);
            jobs.remove(job);
            pods.remove(job);
          });
    }
    notices.addAll(last.notices());
    return last;
  }

  /** Reconciles until nothing changes. */
  DetectorTrainingStatus settle() {
    for (int i = 0; i < 20; i++) {
      DetectorTrainingStatus before = training.getStatus();
      reconcile();
      if (Objects.equals(training.getStatus(), before)
          && last.create().isEmpty()
          && last.delete().isEmpty()) {
        return training.getStatus();
      }
    }
    throw new AssertionError("does not settle: " + training.getStatus());
  }

  private void write(Runnable write) {
    if (writes++ == crashAt) {
      throw new Crash();
    }
    write.run();
  }

  String newestJob() {
    return created.getLast();
  }

  /** The newest Job as somebody else has changed it. */
  void change(UnaryOperator<JobBuilder> change) {
    jobs.computeIfPresent(newestJob(), (name, job) -> change.apply(new JobBuilder(job)).build());
  }

  void add(PodBuilder pod) {
    pods.put(newestJob(), pod.build());
  }

  void hold(String policy) {
    training
        .getMetadata()
        .setAnnotations(
            policy == null ? new HashMap<>() : new HashMap<>(Map.of(Labels.HOLD, policy)));
  }

  void run() {
    pods.put(newestJob(), pod().editOrNewStatus().withPhase("Running").endStatus().build());
  }

  PodBuilder pod() {
    String job = newestJob();
    return new PodBuilder()
        .withNewMetadata()
        .withName(job + "-x")
        .withUid("pod-" + job)
        .withCreationTimestamp(Conditions.rfc3339(now))
        .addNewOwnerReference()
        .withKind("Job")
        .withName(job)
        .withUid("uid-" + job)
        .endOwnerReference()
        .endMetadata();
  }

  void exit(int code, String message) {
    exit(code, message, null, null, null);
  }

  /** The pod's end, and the Job's as its controller would write it. */
  void exit(int code, String message, String reason, String podReason, String condition) {
    var terminated =
        new ContainerStateTerminatedBuilder()
            .withExitCode(code)
            .withMessage(message)
            .withReason(reason)
            .withFinishedAt(Conditions.rfc3339(now))
            .build();
    var builder =
        pod()
            .withNewStatus()
            .withPhase(code == 0 ? "Succeeded" : "Failed")
            .withReason(podReason)
            .addNewContainerStatus()
            .withName("trainer")
            .withImageID("trainer@sha256:1")
            .withNewState()
            .withTerminated(terminated)
            .endState()
            .endContainerStatus();
    if (condition != null) {
      builder.addNewCondition().withType(condition).withStatus("True").endCondition();
    }
    pods.put(newestJob(), builder.endStatus().build());
    finishJob(code == 0 ? "Complete" : "Failed");
  }

  void finishJob(String condition) {
    jobs.computeIfPresent(
        newestJob(),
        (name, job) ->
            new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .withLastTransitionTime(Conditions.rfc3339(now))
                .endCondition()
                .endStatus()
                .build());
  }

  String result(String ap) {
    return TerminationMessageTest.scored(SpecHash.of(training.getSpec()), 7, ap);
  }

  List<String> ends() {
    return training.getStatus().attempts().stream().map(Attempt::end).toList();
  }
}
