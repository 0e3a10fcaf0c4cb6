package dev.autoloss.operator.metrics;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.operator.resource.Conditions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts attempts as they end, and the device time that they took; those of searches or not. */
public final class TrainingMetrics {
  private static final String RESULT = "Result";

  /** Known from the start, so that a first one is seen as an increase. */
  private static final List<String> ENDS =
      List.of(
          RESULT,
          "Infrastructure",
          "Trainer",
          "Stopped",
          "Suspended",
          "Unreported",
          "Document",
          "Data",
          "Memory");

  private final MeterRegistry registry;
  private final Counter useful;
  private final Counter wasted;

  TrainingMetrics(MeterRegistry registry) {
    this.registry = registry;
    ENDS.forEach(this::attempts);
    this.useful = seconds("useful");
    this.wasted = seconds("wasted");
  }

  private Counter attempts(String end) {
    return Counter.builder("autoloss.attempts")
        .description("Attempts that ended, by how")
        .tag("end", end.toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private Counter seconds(String use) {
    return Counter.builder("autoloss.accelerator")
        .baseUnit("seconds")
        .description("Device time of ended attempts: with a result, or without")
        .tag("use", use)
        .register(registry);
  }

  /**
   * Counts what a new status tells beyond the old one.
   *
   * @param training the training with the status that stood
   * @param status the status that was written
   */
  public void written(DetectorTraining training, DetectorTrainingStatus status) {
    Set<Integer> known =
        ended(training.getStatus()).stream().map(Attempt::number).collect(Collectors.toSet());
    int devices = devices(training);
    for (Attempt attempt : ended(status)) {
      if (!known.contains(attempt.number())) {
        attempts(String.valueOf(attempt.end())).increment();
        if (RESULT.equals(attempt.end())) {
          useful.increment(devices * (status.seconds() == null ? 0 : status.seconds()));
        } else {
          wasted.increment(devices * length(attempt).toMillis() / 1000.0);
        }
      }
    }
  }

  private static int devices(DetectorTraining training) {
    return training.getSpec() == null ? 0 : training.getSpec().accelerator().count();
  }

  private static List<Attempt> ended(@Nullable DetectorTrainingStatus status) {
    List<Attempt> attempts = status == null ? null : status.attempts();
    return attempts == null
        ? List.of()
        : attempts.stream().filter(attempt -> attempt.end() != null).toList();
  }

  /** From the Job's creation to its seen end: waiting for a node is counted, too. */
  private static Duration length(Attempt attempt) {
    Optional<Instant> start = Conditions.time(attempt.startTime());
    Optional<Instant> end = Conditions.time(attempt.completionTime());
    return start.isPresent() && end.isPresent() && end.get().isAfter(start.get())
        ? Duration.between(start.get(), end.get())
        : Duration.ZERO;
  }
}
