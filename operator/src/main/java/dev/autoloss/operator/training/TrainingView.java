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
import java.util.Objects;
import java.util.Optional;

/**
 * All that is known of a training at one moment.
 *
 * @param training the resource with its status
 * @param jobs its own Jobs
 * @param pods its own pods
 * @param progress newest line of the running pod
 * @param now the time
 */
record TrainingView(
    DetectorTraining training,
    List<Job> jobs,
    List<Pod> pods,
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

  /** Running attempts of the status whose Job is not in view: to be looked up before judging. */
  List<String> unseen() {
    return recorded().stream()
        .filter(attempt -> attempt.end() == null)
        .map(Attempt::job)
        .filter(name -> job(name).isEmpty())
        .toList();
  }
}
