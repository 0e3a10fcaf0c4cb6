package dev.autoloss.operator.training;

import dev.autoloss.operator.resource.Conditions;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why an attempt ended; the status holds its label. */
enum AttemptEnd {
  /** It brought a result. */
  RESULT,
  /** Evicted, preempted, node lost, not started in time, Job deleted by somebody. */
  INFRASTRUCTURE,
  /** The trainer failed, reported nonsense or ran too long. */
  TRAINER,
  /** The trainer was asked to stop, by nobody we know. */
  STOPPED,
  /** We stopped it, because its training is held or has its result. */
  SUSPENDED,
  /** It ended well and no message was readable. */
  UNREPORTED,
  /** The document is wrong. */
  DOCUMENT,
  /** The data is wrong. */
  DATA,
  /** The accelerator's memory is too small. */
  MEMORY;

  String label() {
    return Conditions.camelCase(this);
  }

  static Optional<AttemptEnd> of(@Nullable String label) {
    return Arrays.stream(values()).filter(end -> end.label().equals(label)).findFirst();
  }
}
