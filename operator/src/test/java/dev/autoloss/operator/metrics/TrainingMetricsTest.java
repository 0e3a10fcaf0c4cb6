package dev.autoloss.operator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.operator.Samples;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainingMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TrainingMetrics metrics = new TrainingMetrics(registry);
  private final DetectorTraining training = Samples.training("t");

  private void written(@Nullable Double seconds, Attempt... attempts) {
    var status =
        new DetectorTrainingStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            seconds,
            null,
            List.of(attempts),
            null,
            null,
            null,
            null);
    metrics.written(training, status);
    training.setStatus(status);
  }

  private static Attempt attempt(int number, @Nullable String end, @Nullable String completed) {
    return new Attempt(number, "job", end, null, "", "2026-01-01T00:00:00Z", completed);
  }

  private double count(String end) {
    return registry.get("autoloss.attempts").tag("end", end).counter().count();
  }

  private double seconds(String use) {
    return registry.get("autoloss.accelerator").tag("use", use).counter().count();
  }

  @Test
  void eachAttemptCountsOnceWhenItEnds() {
    int devices = training.getSpec().accelerator().count();
    var lost = attempt(1, "Infrastructure", "2026-01-01T00:01:30Z");
    written(null, attempt(1, null, null));
    assertEquals(0, count("infrastructure"));
    written(null, lost);
    written(null, lost, attempt(2, null, null));
    assertEquals(1, count("infrastructure"));
    assertEquals(90.0 * devices, seconds("wasted"));
    assertEquals(0, seconds("useful"));
    written(400.0, lost, attempt(2, "Result", "2026-01-01T00:20:00Z"));
    assertEquals(1, count("infrastructure"));
    assertEquals(1, count("result"));
    assertEquals(90.0 * devices, seconds("wasted"));
    assertEquals(400.0 * devices, seconds("useful"));
  }

  @Test
  void anEndWithoutTimesCostsNothing() {
    written(null, new Attempt(1, "job", "Stopped", null, "", null, null));
    assertEquals(1, count("stopped"));
    assertEquals(0, seconds("wasted"));
  }
}
