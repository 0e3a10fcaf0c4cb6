package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.Progress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that is known of a training at one moment.
 *
 * @param training the resource with its status
 * @param jobs its own Jobs
 * @param pods its own pods
 * @param complaints by a Job's name, what its controller says if it can't make a pod, or what is
 *     wrong with the queue that has set it aside
 * @param progress newest line of the running pod
 * @param now the time
 */
record TrainingView(
    DetectorTraining training,
    List<Job> jobs,
    List<Pod> pods,
    Map<String, String> complaints,
    Optional<Progress> progress,
    Instant now) {

  DetectorTrainingSpec spec() {
    return Objects.requireNonNull(training.getSpec(), "spec");
  }

  Optional<DetectorTrainingStatus> status() {
    return Optional.ofNullable(training.getStatus());
  }

  List<Attempt> recorded() {
    return status().map(DetectorTrainingStatus::attempts).orElse(List.of());
  }

  Optional<Job> job(String name) {
    return jobs.stream().filter(job -> name.equals(job.getMetadata().getName())).findFirst();
  }

  Optional<String> complaint(Job job) {
    return Optional.ofNullable(complaints.get(job.getMetadata().getName()));
  }

  /** Running attempts of the status whose Job is not in view: to be looked up before judging. */
  List<String> unseen() {
    return recorded().stream()
        .filter(attempt -> attempt.end() == null && attempt.reason() == null)
        .map(Attempt::job)
        .filter(name -> job(name).isEmpty())
        .toList();
  }
}
