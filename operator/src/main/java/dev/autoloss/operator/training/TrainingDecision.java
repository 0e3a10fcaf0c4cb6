package dev.autoloss.operator.training;

import dev.autoloss.api.DetectorTrainingStatus;
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
    Optional<Instant> again) {}
