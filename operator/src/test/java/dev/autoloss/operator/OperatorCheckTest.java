package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperatorCheckTest {
  private final List<String> told = new ArrayList<>();

  private boolean check(String address, Duration patience) {
    return new OperatorCheck(address, patience).run(told::add);
  }

  @Test
  void itWaitsUntilTheOperatorIsReady() throws IOException {
    var asked = new AtomicInteger();
    try (var endpoints =
        HttpEndpoints.start(
            0,
            () -> "autoloss_build_info{version=\"1\"} 1\n",
            Optional::empty,
            () -> asked.incrementAndGet() > 1 ? Optional.empty() : Optional.of("wait"))) {
      assertTrue(
          check("http://127.0.0.1:" + endpoints.port(), Duration.ofSeconds(30)), told::toString);
    }
    assertEquals(2, asked.get());
  }

  @Test
  void itSaysWhatIsWrong() throws IOException {
    String address;
    try (var endpoints =
        HttpEndpoints.start(0, () -> "", Optional::empty, () -> Optional.of("no"))) {
      address = "http://127.0.0.1:" + endpoints.port();
      assertFalse(check(address, Duration.ZERO));
      assertEquals(address + "/readyz: expected 200, found 503", told.getLast());
    }
    assertFalse(check(address, Duration.ZERO));
    assertTrue(told.getLast().startsWith(address + ": no answer: "), told::toString);
    try (var endpoints = HttpEndpoints.start(0, () -> "up 1\n", Optional::empty, Optional::empty)) {
      assertFalse(check("http://127.0.0.1:" + endpoints.port(), Duration.ZERO));
      assertTrue(told.getLast().endsWith("/metrics: expected autoloss_build_info"), told::toString);
    }
    assertFalse(check("nonsense", Duration.ZERO));
    assertTrue(told.getLast().startsWith("nonsense: no answer: "), told::toString);
  }
}
