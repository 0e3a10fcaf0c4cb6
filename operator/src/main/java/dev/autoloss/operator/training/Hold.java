package dev.autoloss.operator.training;

import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** Whether a training may start attempts, as its annotation says. */
enum Hold {
  NONE,
  DRAIN,
  STOP;

  static Hold of(HasMetadata training) {
    return Ownership.annotation(training, Labels.HOLD)
        .map(value -> "Stop".equals(value) ? STOP : DRAIN)
        .orElse(NONE);
  }
}
