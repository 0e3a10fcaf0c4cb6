package dev.autoloss.operator.training;

import dev.autoloss.api.TrialResult;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/** What an attempt looks like now. */
sealed interface Judgement {
  /** No trainer runs yet, and why; with a deadline unless somebody else holds the Job. */
  record Waiting(Optional<Instant> deadline, Enum<?> reason, String message) implements Judgement {}

  /** No trainer ran in time; the Job is still open. */
  record Overdue(Enum<?> reason, String message) implements Judgement {}

  /** A pod runs, and is to have ended then. */
  record Running(Pod pod, Optional<Instant> until) implements Judgement {}

  /** It has finished, and a message may still come until then. */
  record AwaitingMessage(Instant until) implements Judgement {}

  /**
   * It has ended without a result.
   *
   * @param end whose fault it is
   * @param reason what happened
   * @param message what was seen, and what to do
   * @param open whether its Job still takes, or may take, a device
   */
  record Ended(AttemptEnd end, TrainingReason reason, String message, boolean open)
      implements Judgement {
    Ended(AttemptEnd end, TrainingReason reason, String message) {
      this(end, reason, message, false);
    }
  }

  /** It has brought a result. */
  record Reported(TrialResult result, Optional<String> image) implements Judgement {}

  /** Says whether its Job still takes, or may take, a device. */
  default boolean takesDevice() {
    return switch (this) {
      case Waiting _, Overdue _, Running _ -> true;
      case Ended ended -> ended.open();
      case AwaitingMessage _, Reported _ -> false;
    };
  }
}
