package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingDeciderTest {
  private final World world = new World();

  @Test
  void aResultBecomesTheStatus() {
    world.reconcile();
    assertEquals(List.of("t-a1"), world.created);
    assertNull(world.settle(), "a Job that starts soon costs no write");
    world.now = world.now.plusSeconds(5);
    assertEquals(TrainingState.PENDING, world.settle().state());
    world.run();
    assertEquals(TrainingState.RUNNING, world.settle().state());
    world.exit(0, world.result("0.25"));
    var status = world.settle();
    assertEquals(TrainingState.FINISHED, status.state());
    assertEquals(Outcome.SCORED, status.outcome());
    assertEquals(0.25, status.metrics().ap());
    assertEquals(12.5, status.seconds());
    assertEquals("d", status.dataDigest());
    assertEquals("trainer@sha256:1", status.image());
    assertEquals(List.of("Result"), world.ends());
    assertEquals(List.of(), world.deleted);
    assertEquals(
        "True", Conditions.find(status.conditions(), "Complete").orElseThrow().getStatus());
    assertEquals(
        List.of("AttemptStarted", "ResultReceived"),
        world.notices.stream().map(notice -> notice.reason()).toList());
  }

  /** Exit code, container's reason, pod's reason, pod's condition → how the attempt ended. */
  @ParameterizedTest
  @CsvSource({
    "1, Error, , , Trainer",
    "137, OOMKilled, , , Infrastructure",
    "137, Error, , DisruptionTarget, Infrastructure",
    "1, Error, Evicted, , Infrastructure",
    "1, Error, NodeLost, , Infrastructure",
    "1, Error, Preempted, , Infrastructure",
    "143, Error, , DisruptionTarget, Infrastructure",
    "143, Error, , , Stopped",
    "143, Error, DeadlineExceeded, , Trainer",
    "137, Error, DeadlineExceeded, , Trainer",
    "128, StartError, , , Infrastructure",
    "137, ContainerStatusUnknown, , , Infrastructure",
  })
  void anEndWithoutResultIsTriedAgain(
      int code, String reason, String podReason, String condition, String end) {
    world.settle();
    world.exit(code, "", reason, podReason, condition);
    world.settle();
    assertEquals(Arrays.asList(end, null), world.ends());
    assertEquals(List.of("t-a1", "t-a2"), world.created);
    assertEquals(List.of(), world.deleted, "the Job that has failed is kept for its logs");
  }

  @ParameterizedTest
  @CsvSource({
    "20, Document, FAILED, , detector.backbone: unknown",
    "21, Data, FAILED, , train.json: box 3 has no area",
    "22, Memory, FINISHED, LOST, needs 9 GiB",
  })
  void whatNoRetryHelpsIsNotTriedAgain(
      int code, String end, TrainingState state, Outcome outcome, String line) {
    world.settle();
    world.exit(code, line, "Error", null, "DisruptionTarget");
    var status = world.settle();
    assertEquals(List.of(end), world.ends());
    assertEquals(state, status.state());
    assertEquals(outcome, status.outcome());
    assertTrue(status.message().contains(line), status.message());
    assertEquals(List.of("t-a1"), world.created);
  }

  @ParameterizedTest
  @CsvSource({"1, , 2", "137, Evicted, 3"})
  void retriesAreCountedByKind(int code, String podReason, int attempts) {
    for (int i = 0; i < attempts; i++) {
      world.settle();
      world.exit(code, "boom", "Error", podReason, null);
    }
    var status = world.settle();
    assertEquals(attempts, world.created.size());
    assertEquals(Outcome.LOST, status.outcome());
    assertEquals(TrainingState.FINISHED, status.state());
  }

  @Test
  void kindsOfFailuresDoNotEatEachOthersRetries() {
    String[] reasons = {null, "Evicted", "Evicted"};
    for (String reason : reasons) {
      world.settle();
      world.exit(1, "", "Error", reason, null);
    }
    world.settle();
    assertEquals(Arrays.asList("Trainer", "Infrastructure", "Infrastructure", null), world.ends());
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
  }

  @Test
  void stopsByOthersAreBounded() {
    for (int i = 0; i <= RetryPolicy.MOST_STOPS; i++) {
      world.settle();
      world.exit(143, "");
    }
    assertEquals(Outcome.LOST, world.settle().outcome());
    assertEquals(RetryPolicy.MOST_STOPS + 1, world.created.size());
  }

  @Test
  void aLostMessageIsAwaitedThenTriedOnceMore() {
    world.settle();
    world.exit(0, null);
    var decision = world.reconcile();
    assertEquals(world.now.plusSeconds(60), decision.again().orElseThrow());
    assertEquals(1, world.created.size());
    world.now = world.now.plusSeconds(59);
    world.settle();
    assertEquals(1, world.created.size());
    world.now = world.now.plusSeconds(1);
    world.settle();
    assertEquals(2, world.created.size());
    world.exit(0, null);
    world.now = world.now.plusSeconds(60);
    assertEquals(Outcome.LOST, world.settle().outcome());
    assertEquals(List.of("Unreported", "Unreported"), world.ends());
  }

  @Test
  void aMessageWithinTheGraceIsTaken() {
    world.settle();
    world.exit(0, null);
    world.settle();
    world.now = world.now.plusSeconds(30);
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
  }

  @Test
  void aPodThatIsGoneWithItsMessageCostsAnAttempt() {
    world.settle();
    world.finishJob("Failed");
    world.settle();
    world.now = world.now.plusSeconds(60);
    world.settle();
    assertEquals(Arrays.asList("Infrastructure", null), world.ends());
  }

  @Test
  void aResultCountsWhateverTheExitCode() {
    world.settle();
    world.exit(137, world.result("0.5"), "Error", null, "DisruptionTarget");
    assertEquals(Outcome.SCORED, world.settle().outcome());
  }

  @Test
  void aForeignResultIsTheTrainersFault() {
    world.settle();
    world.exit(0, TerminationMessageTest.scored("other", 7, "0.9"));
    world.settle();
    assertEquals(Arrays.asList("Trainer", null), world.ends());
  }

  @Test
  void aPodThatNeverRunsIsGivenUpAtTheDeadline() {
    world.settle();
    world.now = world.now.plusSeconds(599);
    assertEquals(world.now.plusSeconds(1), world.reconcile().again().orElseThrow());
    world.now = world.now.plusSeconds(1);
    world.settle();
    assertEquals(List.of("t-a1"), world.deleted);
    assertEquals(Arrays.asList("Infrastructure", null), world.ends());
  }

  @Test
  void aQueuedJobMayWaitAsLongAsItsQueueLikes() {
    world.settle();
    world.jobs.computeIfPresent(
        "t-a1", (name, job) -> new JobBuilder(job).editSpec().withSuspend(true).endSpec().build());
    world.now = world.now.plusSeconds(1_000_000);
    world.settle();
    assertEquals(List.of(), world.deleted);
    world.jobs.computeIfPresent(
        "t-a1",
        (name, job) ->
            new JobBuilder(job)
                .editSpec()
                .withSuspend(false)
                .endSpec()
                .withNewStatus()
                .withStartTime(Conditions.rfc3339(world.now))
                .endStatus()
                .build());
    world.now = world.now.plusSeconds(599);
    world.settle();
    assertEquals(List.of(), world.deleted);
    world.now = world.now.plusSeconds(1);
    world.settle();
    assertEquals(List.of("t-a1"), world.deleted);
  }

  @Test
  void aDeletedJobIsAnInterruption() {
    world.settle();
    world.now = world.now.plusSeconds(5);
    world.settle();
    world.jobs.clear();
    world.settle();
    assertEquals(Arrays.asList("Infrastructure", null), world.ends());
  }

  @Test
  void stopEndsTheAttemptUncountedAndResumeGoesOn() {
    for (int i = 1; i <= 5; i++) {
      world.settle();
      world.run();
      world.settle();
      world.hold("Stop");
      var status = world.settle();
      assertEquals(i, world.deleted.size());
      assertEquals(TrainingState.PENDING, status.state());
      assertNull(status.outcome());
      world.settle();
      assertEquals(i, world.created.size());
      world.hold(null);
    }
    world.settle();
    assertEquals(6, world.created.size());
    assertEquals(5, world.ends().stream().filter("Suspended"::equals).count());
  }

  @Test
  void drainLetsTheAttemptEndAndStartsNone() {
    world.settle();
    world.run();
    world.hold("Drain");
    world.settle();
    assertEquals(List.of(), world.deleted);
    world.exit(1, "boom");
    world.settle();
    assertEquals(List.of("t-a1"), world.created);
    world.hold(null);
    world.settle();
    assertEquals(List.of("t-a1", "t-a2"), world.created);
  }

  @Test
  void jobsGoWhenTheSearchSaysSo() {
    world.settle();
    world.exit(0, world.result("0.5"));
    world.settle();
    world
        .training
        .getMetadata()
        .setAnnotations(
            new HashMap<>(
                Map.of(Labels.JOBS_EXPIRE, Conditions.rfc3339(world.now.plusSeconds(300)))));
    assertEquals(world.now.plusSeconds(300), world.reconcile().again().orElseThrow());
    assertEquals(List.of(), world.deleted);
    world.now = world.now.plusSeconds(300);
    world.settle();
    assertEquals(List.of("t-a1"), world.deleted);
    assertEquals(List.of("t-a1"), world.created);
  }

  @Test
  void transitionTimesMoveOnlyWithTheStatus() {
    world.settle();
    world.now = world.now.plusSeconds(5);
    world.settle();
    String since =
        Conditions.find(world.training.getStatus().conditions(), "Progressing")
            .orElseThrow()
            .getLastTransitionTime();
    world.now = world.now.plusSeconds(100);
    world.run();
    var running = Conditions.find(world.settle().conditions(), "Progressing").orElseThrow();
    assertEquals("PodRunning", running.getReason());
    assertEquals(since, running.getLastTransitionTime());
    world.exit(0, world.result("0.5"));
    var ended = Conditions.find(world.settle().conditions(), "Progressing").orElseThrow();
    assertEquals("False", ended.getStatus());
    assertFalse(since.equals(ended.getLastTransitionTime()));
  }

  /** Crash after every write of a story with two failures and a hold: the end is the same. */
  @Test
  void aCrashAnywhereChangesNothing() {
    var undisturbed = new World();
    story(undisturbed);
    assertEquals(List.of("Infrastructure", "Suspended", "Trainer", "Result"), undisturbed.ends());
    for (int crash = 0; crash < undisturbed.writes; crash++) {
      var disturbed = new World();
      disturbed.crashAt = crash;
      story(disturbed);
      assertEquals(undisturbed.ends(), disturbed.ends(), "crash before write " + crash);
      assertEquals(undisturbed.created, disturbed.created, "crash before write " + crash);
      assertEquals(Outcome.SCORED, disturbed.training.getStatus().outcome());
    }
  }

  private static void story(World world) {
    survive(world);
    world.run();
    survive(world);
    world.exit(137, "", "Error", "Evicted", null);
    survive(world);
    world.run();
    world.hold("Stop");
    survive(world);
    world.hold(null);
    survive(world);
    world.exit(1, "boom");
    survive(world);
    world.exit(0, world.result("0.5"));
    survive(world);
  }

  private static void survive(World world) {
    try {
      world.settle();
    } catch (World.Crash crash) {
      world.settle();
    }
  }
}
