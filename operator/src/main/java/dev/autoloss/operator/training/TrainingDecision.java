package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Recorder.Notice;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be done for a training, in this order: create, write the status, delete, tell.
 *
 * @param create number of the attempt whose Job is to be created
 * @param status status that is to stand; empty if there is nothing to say yet
 * @param delete Jobs of ended attempts that still take a device
 * @param notices what happened since the last status
 * @param running pod at work, whose progress is followed
 * @param again when time alone may change the decision
 */
record TrainingDecision(
    OptionalInt create,
    Optional<DetectorTrainingStatus> status,
    List<String> delete,
    List<Notice> notices,
    Optional<Pod> running,
    Optional<Instant> again) {
  /**
   * Whether the status tells nothing but how a Job is doing that goes on, which the Job and its pod
   * show at any later time, too: an end, a reason that stands in no Job and all that is done or
   * told with the status do not wait.
   *
   * @param before the status that stands; empty if there is none
   */
  boolean onlyNews(Optional<DetectorTrainingStatus> before) {
    return create.isEmpty()
        && delete.isEmpty()
        && notices.isEmpty()
        && status.filter(fresh -> !TrainingDecider.settled(fresh) && progressing(fresh)).isPresent()
        && facts(before).equals(facts(status));
  }

  private static boolean progressing(DetectorTrainingStatus status) {
    return Conditions.find(status.conditions(), StatusBuilder.PROGRESSING)
        .map(condition -> "True".equals(condition.getStatus()))
        .orElse(false);
  }

  private static List<Attempt> facts(Optional<DetectorTrainingStatus> status) {
    return status.flatMap(found -> Optional.ofNullable(found.attempts())).orElse(List.of()).stream()
        .filter(attempt -> attempt.end() != null || attempt.reason() != null)
        .toList();
  }
}
