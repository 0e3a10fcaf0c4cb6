package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The API server does not want a Job. */
class RefusedJobTest {
  private final World world = new World();

  private String progressing() {
    var condition =
        Conditions.find(world.training.getStatus().conditions(), "Progressing").orElseThrow();
    return condition.getStatus() + " " + condition.getReason() + " " + condition.getMessage();
  }

  private void refuse(Refusal.Kind kind) {
    world.refusal = Optional.of(new Refusal(kind, "Job t-a1 was refused: no"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED_AS_INVALID")
  void isToldAndTriedAgainAsTheSameAttempt(Refusal.Kind kind) {
    refuse(kind);
    world.reconcile();
    String reason = Conditions.camelCase(kind);
    assertEquals("False " + reason + " Job t-a1 was refused: no", progressing());
    assertEquals(TrainingState.PENDING, world.training.getStatus().state());
    assertEquals(reason, world.training.getStatus().attempts().getFirst().reason());
    int writes = world.writes;
    world.now = world.now.plusSeconds(60);
    world.reconcile();
    assertEquals(writes, world.writes, "told once");
    world.refusal = Optional.empty();
    world.now = world.now.plusSeconds(60);
    world.settle();
    assertEquals(List.of("t-a1"), world.created);
    assertNull(world.training.getStatus().attempts().getFirst().reason());
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(List.of("Result"), world.ends());
  }

  @Test
  void isNotWaitedForLongerThanForAPod() {
    refuse(Refusal.Kind.QUOTA_EXCEEDED);
    world.reconcile();
    world.now = world.now.plusSeconds(599);
    world.reconcile();
    assertEquals(1, world.training.getStatus().attempts().size());
    for (int i = 0; i < 3; i++) {
      world.now = world.now.plusSeconds(600);
      world.reconcile();
    }
    var status = world.training.getStatus();
    assertEquals(Outcome.LOST, status.outcome());
    assertEquals(List.of("Infrastructure", "Infrastructure", "Infrastructure"), world.ends());
    assertTrue(status.message().startsWith("Infrastructure QuotaExceeded: "), status.message());
    assertEquals(List.of(), world.created);
  }

  @Test
  void asInvalidIsTheUsersToMend() {
    refuse(Refusal.Kind.REFUSED_AS_INVALID);
    world.reconcile();
    var status = world.training.getStatus();
    assertEquals(TrainingState.FAILED, status.state());
    assertEquals("Job t-a1 was refused: no", status.message());
    var failed = Conditions.find(status.conditions(), "Failed").orElseThrow();
    assertEquals("InvalidDocument", failed.getReason());
    world.refusal = Optional.empty();
    world.settle();
    assertEquals(List.of(), world.created);
  }

  @Test
  void whileHeldWaitsForTheSearch() {
    refuse(Refusal.Kind.ADMISSION_DENIED);
    world.reconcile();
    world.hold("Drain");
    world.settle();
    assertTrue(progressing().startsWith("False Held"), progressing());
    assertEquals(List.of(), world.training.getStatus().attempts());
    world.hold(null);
    world.refusal = Optional.empty();
    world.now = world.now.plusSeconds(100_000);
    world.settle();
    assertEquals(List.of("t-a1"), world.created, "the time before is not held against it");
  }

  @Test
  void aCrashBetweenJobAndStatusAdoptsTheJob() {
    refuse(Refusal.Kind.QUOTA_EXCEEDED);
    world.reconcile();
    world.refusal = Optional.empty();
    world.crashAt = world.writes + 1;
    try {
      world.reconcile();
    } catch (World.Crash crash) {
      world.settle();
    }
    assertEquals(List.of("t-a1"), world.created);
    assertNull(world.training.getStatus().attempts().getFirst().reason());
    world.exit(1, "boom");
    world.settle();
    assertEquals(Arrays.asList("Trainer", null), world.ends());
  }
}
