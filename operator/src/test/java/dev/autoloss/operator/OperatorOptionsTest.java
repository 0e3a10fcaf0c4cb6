package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorOptionsTest {
  private static final Map<String, String> IMAGE = Map.of("AUTOLOSS_TRAINER_IMAGE", "trainer:1");

  @Test
  void theImageIsEnough() {
    var options = OperatorOptions.parse(IMAGE);
    assertEquals("trainer:1", options.trainerImage());
    assertEquals(Set.of(), options.namespaces());
    assertEquals(OptionalInt.of(8080), options.httpPort());
    assertEquals(Duration.ofMinutes(1), options.progressInterval());
    assertEquals(Optional.empty(), options.leaseNamespace());
    assertEquals(Duration.ofSeconds(15), options.leaseDuration());
    assertEquals(Duration.ofMinutes(10), options.stuckAfter());
    assertEquals(20, options.jobsPerSecond());
    assertFalse(options.keepsTrainings());
  }

  @Test
  void argumentsWin() {
    var options =
        OperatorOptions.parse(
            Map.of("AUTOLOSS_TRAINER_IMAGE", "a", "AUTOLOSS_HTTP_PORT", "1", "PATH", "/bin"),
            "--trainer-image=b",
            "--http-port=9090",
            "--namespaces=one, two,",
            "--progress-seconds=5",
            "--jobs-per-second=0",
            "--lease-namespace=autoloss",
            "--lease-seconds=30",
            "--stuck-seconds=60");
    assertEquals("b", options.trainerImage());
    assertEquals(OptionalInt.of(9090), options.httpPort());
    assertEquals(Set.of("one", "two"), options.namespaces());
    assertEquals(Duration.ofSeconds(5), options.progressInterval());
    assertEquals(Optional.of("autoloss"), options.leaseNamespace());
    assertEquals(Duration.ofSeconds(30), options.leaseDuration());
    assertEquals(Duration.ofMinutes(1), options.stuckAfter());
    assertEquals(0, options.jobsPerSecond());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--http-port=70000",
        "--http-port=x",
        "--http-port=-1",
        "--progress-seconds=0",
        "--lease-seconds=1",
        "--stuck-seconds=0",
        "--jobs-per-second=-1",
        "--jobs-per-second=1001",
        "--metrics",
        "--what=1",
        "trainer"
      })
  void aMistakeIsOneLineThatNamesTheOption(String argument) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> OperatorOptions.parse(IMAGE, argument))
            .getMessage();
    assertTrue(message.startsWith(argument.split("=", -1)[0]), message);
    assertTrue(message.contains("expected"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void withoutAnImageThereIsNoOperator() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> OperatorOptions.parse(Map.of()))
            .getMessage()
            .startsWith("--trainer-image"));
  }
}
