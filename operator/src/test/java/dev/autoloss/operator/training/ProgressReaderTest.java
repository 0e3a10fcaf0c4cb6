package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProgressReaderTest {
  private static final String LINE =
      "{\"progress\":{\"epoch\":%d,\"epochs\":8,\"iteration\":10,\"iterations\":192,\"loss\":1.5,"
          + "\"secondsPerIteration\":0.1,\"remainingSeconds\":18.2}}";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<String> read = new ArrayList<>();

  private static Pod pod(String name) {
    return new PodBuilder().withNewMetadata().withName(name).withUid(name).endMetadata().build();
  }

  @Test
  void theLastProgressLineCounts() {
    String log =
        "starting\n"
            + LINE.formatted(1)
            + "\n"
            + LINE.formatted(2)
            + "\n{\"event\":\"saved\"}\n{\"ep";
    assertEquals(2, ProgressReader.parse(log).orElseThrow().epoch());
    assertTrue(ProgressReader.parse("no json\n{}\n{\"progress\":{\"epoch\":\"1\"}}\n").isEmpty());
  }

  @Test
  void oneRequestATurnAndEachTrainerOnceAnInterval() {
    var reader =
        new ProgressReader(
            pod -> {
              read.add(pod.getMetadata().getName());
              return LINE.formatted(read.size());
            },
            Duration.ofSeconds(60),
            now::get);
    reader.follow("a", pod("a1"));
    reader.follow("b", pod("b1"));
    for (int second = 0; second < 60; second++) {
      reader.readNext();
      now.set(now.get().plusMillis(500));
      reader.follow("a", pod("a1"));
    }
    assertEquals(2, read.size(), read.toString());
    now.set(now.get().plusSeconds(60));
    reader.readNext();
    assertEquals(3, read.size(), read.toString());
    reader.forget("a");
    reader.forget("b");
    now.set(now.get().plusSeconds(600));
    reader.readNext();
    assertEquals(3, read.size(), read.toString());
    assertTrue(reader.latest("a").isEmpty());
  }

  @Test
  void aLogThatCannotBeReadChangesNothing() {
    var reader =
        new ProgressReader(
            pod -> {
              read.add(pod.getMetadata().getName());
              if (read.size() > 1) {
                throw read.size() == 2
                    ? new KubernetesClientException("gone")
                    : new IllegalStateException("broken");
              }
              return LINE.formatted(3);
            },
            Duration.ofSeconds(1),
            now::get);
    reader.follow("a", pod("a1"));
    for (int i = 0; i < 3; i++) {
      reader.readNext();
      now.set(now.get().plusSeconds(2));
    }
    assertEquals(3, read.size());
    assertEquals(3, reader.latest("a").orElseThrow().epoch());
  }

  @Test
  void anotherPodOfTheSameTrainingStartsAnew() {
    var reader = new ProgressReader(pod -> LINE.formatted(5), Duration.ofSeconds(60), now::get);
    reader.follow("a", pod("a1"));
    reader.readNext();
    assertEquals(5, reader.latest("a").orElseThrow().epoch());
    reader.follow("a", pod("a2"));
    assertTrue(reader.latest("a").isEmpty());
  }
}
