package dev.autoloss.operator.training;

import dev.autoloss.api.TrialResult;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/** What an attempt looks like now. */
sealed interface Judgement {
  /** No pod runs yet; with a deadline unless somebody else holds the Job. */
  record Waiting(Optional<Instant> deadline) implements Judgement {}

  /** No pod ran in time; the Job is still open. */
  record Overdue(String message) implements Judgement {}

  /** A pod runs. */
  record Running(Pod pod) implements Judgement {}

  /** It has finished, and a message may still come until then. */
  record AwaitingMessage(Instant until) implements Judgement {}

  /** It has ended without a result. */
  record Ended(AttemptEnd end, String message) implements Judgement {}

  /** It has brought a result. */
  record Reported(TrialResult result, Optional<String> image) implements Judgement {}

  /** Says whether its Job still takes, or may take, a device. */
  default boolean open() {
    return this instanceof Waiting || this instanceof Overdue || this instanceof Running;
  }
}
