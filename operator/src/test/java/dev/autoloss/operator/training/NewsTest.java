package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Refusal;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a status may keep for later, and what it may not, when it is told late how a Job is doing.
 */
class NewsTest {
  private final World world = new World();

  @BeforeEach
  void aTrialOfASearchAmongMany() {
    world
        .training
        .getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion("autoloss.dev/v1alpha1")
                    .withKind("LossSearch")
                    .withName("search")
                    .withUid("s")
                    .withController(true)
                    .build()));
    world.crowded = true;
    world.settle();
  }

  @Test
  void aResultIsWrittenAtOnceAndNothingBeforeIt() {
    for (int i = 0; i < 10; i++) {
      world.now = world.now.plusSeconds(10);
      assertNull(world.settle());
    }
    world.run();
    assertNull(world.settle());
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(List.of("Result"), world.ends());
    assertEquals(2, world.writes, "Job, Finished");
  }

  @Test
  void newsAreToldOnceThereIsTime() {
    world.run();
    assertNull(world.settle());
    world.crowded = false;
    assertEquals(TrainingState.RUNNING, world.settle().state());
  }

  @Test
  void anAttemptThatEndedIsWrittenWithTheNextOne() {
    world.run();
    world.settle();
    world.exit(137, "", "OOMKilled", null, null);
    world.settle();
    assertEquals(Arrays.asList("Infrastructure", null), world.ends());
    assertEquals(List.of("t-a1", "t-a2"), world.created);
  }

  @Test
  void aPodThatNeverStartsIsGivenUpInTime() {
    world.now = world.now.plusSeconds(world.training.getSpec().deadlines().pendingSeconds() + 1L);
    world.settle();
    assertEquals("Infrastructure", world.ends().getFirst());
  }

  @Test
  void aTrainingThatIsHeldSaysSo() {
    world.run();
    world.settle();
    world.hold("Stop");
    world.settle();
    assertEquals(List.of("Suspended"), world.ends());
    assertEquals(TrainingState.PENDING, world.training.getStatus().state());
  }

  @Test
  void aJobThatTheServerRefusesIsTold() {
    var refused = new World();
    refused.crowded = true;
    refused.refusal = Optional.of(new Refusal(Refusal.Kind.QUOTA_EXCEEDED, "exceeded quota"));
    refused.reconcile();
    assertEquals("QuotaExceeded", refused.training.getStatus().attempts().getFirst().reason());
  }
}
