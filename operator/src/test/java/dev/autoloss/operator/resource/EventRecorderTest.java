package dev.autoloss.operator.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Recorder.Notice;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void theSameNoticeIsTheSameEvent() {
    var training = Samples.training("t".repeat(253));
    var notice = Notice.warning("AttemptFailed", "Attempt 1: x".repeat(1000));
    var first = EventRecorder.event(training, notice, NOW);
    var again = EventRecorder.event(training, notice, NOW.plusSeconds(100));
    var other = EventRecorder.event(training, Notice.normal("AttemptStarted", "Attempt 2"), NOW);
    assertEquals(first.getMetadata().getName(), again.getMetadata().getName());
    assertNotEquals(first.getMetadata().getName(), other.getMetadata().getName());
    assertTrue(first.getMessage().length() <= 1024, "the API server's limit");
    assertTrue(first.getMetadata().getName().length() <= 253);
    assertEquals("Warning", first.getType());
    assertEquals("DetectorTraining", first.getInvolvedObject().getKind());
    assertEquals("autoloss.dev/v1alpha1", first.getInvolvedObject().getApiVersion());
  }

  @Test
  void childNamesAreShortAndStable() {
    var search = Samples.search("a.b-" + "c".repeat(100), 1, 1, 1);
    String name = ChildNames.of(search, "g1000-c500-p15");
    assertEquals("a-b-" + "c".repeat(26) + "-5ea2c4-g1000-c500-p15", name);
    var dashed = Samples.search("x".repeat(29) + "-y", 1, 1, 1);
    assertEquals("x".repeat(29) + "-5ea2c4-l1", ChildNames.of(dashed, "l1"));
  }
}
