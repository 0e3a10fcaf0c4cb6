package dev.autoloss.local.job;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRunnerTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private JobWorld world;

  @BeforeEach
  void start() throws IOException {
    world = new JobWorld(folder);
  }

  @AfterEach
  void end() throws IOException {
    world.close();
  }

  private Job finished(String job) {
    await().atMost(SOON).until(() -> PodStates.finished(world.job(job)));
    return world.job(job);
  }

  private static String condition(Job job) {
    return job.getStatus().getConditions().getFirst().getType();
  }

  @Test
  void aResultIsReportedAsByAKubelet() throws IOException {
    world.create("one", 1, "result");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      Job job = finished("one-a1");
      assertEquals("Complete", condition(job));
      assertEquals(1, job.getStatus().getSucceeded());
      Pod pod = world.pod("one-a1").orElseThrow();
      assertEquals("Succeeded", pod.getStatus().getPhase());
      assertEquals("autoloss", pod.getMetadata().getLabels().get("app.kubernetes.io/managed-by"));
      assertEquals(
          job.getMetadata().getUid(), pod.getMetadata().getOwnerReferences().getFirst().getUid());
      ContainerStateTerminated end = world.terminated("one-a1").orElseThrow();
      assertEquals(0, end.getExitCode());
      assertEquals("Completed", end.getReason());
      assertEquals("{\"ok\":true}", end.getMessage());
      assertEquals(
          folder.resolve("my data") + " train --end-with-stdin --cpu",
          Files.readString(world.trials.resolve("one/arguments")).strip());
      String log =
          world.client.pods().resource(pod).inContainer("trainer").tailingLines(1).getLog();
      assertEquals("line two", log.strip());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "20, 20, the reason", "21, 21, the reason", "22, 22, the reason",
    "143, 143, the reason", "1, 1, the reason", "crash, 137, "
  })
  void aFailureIsReportedWithItsCodeAndMessage(String mode, int code, String message) {
    world.create("one", 1, mode);
    try (var _ = world.runner(2, OptionalInt.empty())) {
      Job job = finished("one-a1");
      assertEquals("Failed", condition(job));
      assertEquals("Failed", world.pod("one-a1").orElseThrow().getStatus().getPhase());
      ContainerStateTerminated end = world.terminated("one-a1").orElseThrow();
      assertEquals(code, end.getExitCode());
      assertEquals("Error", end.getReason());
      assertEquals(message, end.getMessage());
    }
  }

  @Test
  void aMissingMessageStaysMissingThoughAnEarlierAttemptLeftOne() {
    world.create("one", 1, "result");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      finished("one-a1");
      world.create("one", 2, "silent");
      finished("one-a2");
      assertEquals(0, world.terminated("one-a2").orElseThrow().getExitCode());
      assertNull(world.terminated("one-a2").orElseThrow().getMessage());
    }
  }

  @Test
  void whatCannotStartIsTheMachinesFault() throws IOException {
    Files.createDirectories(world.trials);
    Files.writeString(world.trials.resolve("one"), "a file in the folder's place");
    world.create("one", 1, "result");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      finished("one-a1");
      assertEquals("StartError", world.terminated("one-a1").orElseThrow().getReason());
    }
  }

  @Test
  void noMoreRunThanTheCoresAllowAndTheOthersAreSuspended() throws IOException {
    for (int i = 0; i < 4; i++) {
      world.client.resource(JobWorld.job("t" + i, 1, "wait", 2, 3600)).create();
    }
    try (var _ = world.runner(5, OptionalInt.empty())) {
      await().atMost(SOON).until(() -> world.starts("t1").size() == 1);
      await().atMost(SOON).until(() -> suspended("t3-a1"));
      assertTrue(suspended("t2-a1"));
      assertFalse(suspended("t1-a1"));
      assertEquals(List.of(), world.starts("t2"));
      world.let("t0");
      finished("t0-a1");
      await().atMost(SOON).until(() -> world.starts("t2").size() == 1);
      assertEquals(List.of(), world.starts("t3"));
      for (String name : List.of("t1", "t2")) {
        world.let(name);
      }
      await().atMost(SOON).until(() -> world.starts("t3").size() == 1);
      world.let("t3");
      finished("t3-a1");
    }
  }

  private boolean suspended(String job) {
    return Boolean.TRUE.equals(world.job(job).getSpec().getSuspend());
  }

  @Test
  void oneRunsThoughItWantsMoreThanThereIs() {
    world.client.resource(JobWorld.job("big", 1, "result", 64, 3600)).create();
    try (var _ = world.runner(2, OptionalInt.of(1))) {
      assertEquals("Complete", condition(finished("big-a1")));
    }
  }

  @Test
  void aDeletedJobsTrainerEnds() {
    world.create("one", 1, "wait");
    world.create("two", 1, "stubborn");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      await()
          .atMost(SOON)
          .until(() -> world.starts("one").size() + world.starts("two").size() == 2);
      for (String job : List.of("one-a1", "two-a1")) {
        world
            .client
            .batch()
            .v1()
            .jobs()
            .inNamespace(JobWorld.NAMESPACE)
            .withName(job)
            .withPropagationPolicy(DeletionPropagation.BACKGROUND)
            .delete();
      }
      long kind = world.starts("one").getFirst();
      long stubborn = world.starts("two").getFirst();
      await().atMost(SOON).until(() -> !world.alive(kind) && !world.alive(stubborn));
      await().atMost(SOON).until(() -> world.pod("one-a1").isEmpty());
    }
  }

  @Test
  void whatRunsTooLongIsEnded() {
    world.client.resource(JobWorld.job("slow", 1, "wait", 1, 1)).create();
    try (var _ = world.runner(2, OptionalInt.empty())) {
      Job job = finished("slow-a1");
      assertEquals("Failed", condition(job));
      assertEquals("DeadlineExceeded", world.pod("slow-a1").orElseThrow().getStatus().getReason());
    }
  }

  @Test
  void aStoppedRunGoesOnWithTheSameAttempt() throws IOException {
    world.create("one", 1, "wait");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      await().atMost(SOON).until(() -> running("one-a1"));
    }
    long first = world.starts("one").getFirst();
    assertFalse(world.alive(first), "closing waits for the trainers");
    assertFalse(PodStates.finished(world.job("one-a1")));
    try (var _ = world.runner(2, OptionalInt.empty())) {
      await().atMost(SOON).until(() -> world.starts("one").size() == 2);
      assertNotEquals(first, world.starts("one").getLast());
      world.let("one");
      assertEquals("Complete", condition(finished("one-a1")));
    }
  }

  private boolean running(String job) {
    return world
        .pod(job)
        .filter(pod -> pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()))
        .isPresent();
  }

  @Test
  void anEndThatACrashKeptFromTheJobIsWritten() {
    Job job = world.create("one", 1, "result");
    Pod pod = world.client.resource(PodStates.pod(job)).create();
    var now = Instant.parse("2026-01-01T00:00:00Z");
    pod.setStatus(PodStates.ended(pod, ProcessEnd.of(0, "{\"ok\":true}", now, now), false));
    world.client.resource(pod).updateStatus();
    try (var _ = world.runner(2, OptionalInt.empty())) {
      assertEquals("Complete", condition(finished("one-a1")));
      assertEquals(List.of(), world.starts("one"), "it must not run twice");
    }
  }

  @Test
  void anOrphanInTheFolderIsGoneBeforeAnotherStarts() throws Exception {
    Path work = Files.createDirectories(world.trials.resolve("one"));
    Process orphan =
        new ProcessBuilder("bash", "-c", "trap '' TERM; while :; do sleep 0.1; done").start();
    Orphan.remember(work, orphan.toHandle());
    world.create("one", 1, "result");
    try (var _ = world.runner(2, OptionalInt.empty())) {
      finished("one-a1");
      assertFalse(orphan.isAlive());
      assertFalse(Files.exists(Orphan.file(work)));
    }
  }

  @Test
  void aProcessThatOnlyHasAnOrphansPidIsLeftAlone() throws Exception {
    Path work = Files.createDirectories(world.trials.resolve("one"));
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(Orphan.file(work), other.pid() + " 1000\n", StandardCharsets.UTF_8);
      Orphan.end(work);
      assertTrue(other.isAlive());
      Files.writeString(Orphan.file(work), "torn");
      Orphan.end(work);
      assertFalse(Files.exists(Orphan.file(work)));
    } finally {
      other.destroyForcibly();
    }
  }
}
