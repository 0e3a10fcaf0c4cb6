package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A queue that does to Jobs what Kueue does: holds them back, lets them go, takes them back. */
class QueueTest {
  private final World world = new World();

  /** Kueue's webhook suspends a Job as it is created. */
  private void queued() {
    world.change(job -> job.editSpec().withSuspend(true).endSpec());
  }

  /** Kueue lets the Job go; its controller notes when it began to make pods. */
  private void admitted() {
    world.change(
        job ->
            job.editSpec()
                .withSuspend(false)
                .endSpec()
                .withStatus(
                    new JobStatusBuilder()
                        .withStartTime(Conditions.rfc3339(world.now))
                        .addNewCondition()
                        .withType("Suspended")
                        .withStatus("False")
                        .endCondition()
                        .build()));
  }

  /** Kueue takes the Job back; its controller takes the pod away, which gets a signal. */
  private void preempted() {
    queued();
    world.settle();
    world.change(
        job ->
            job.withStatus(
                new JobStatusBuilder()
                    .addNewCondition()
                    .withType("Suspended")
                    .withStatus("True")
                    .withLastTransitionTime(Conditions.rfc3339(world.now))
                    .endCondition()
                    .build()));
    world.settle();
    var pod = new PodBuilder(world.pods.get(world.newestJob()));
    world.add(
        pod.editMetadata().withDeletionTimestamp(Conditions.rfc3339(world.now)).endMetadata());
    world.settle();
    signalled();
    world.settle();
  }

  private void signalled() {
    world.add(
        new PodBuilder(world.pods.get(world.newestJob()))
            .withNewStatus()
            .withPhase("Failed")
            .addNewContainerStatus()
            .withName("trainer")
            .withNewState()
            .withNewTerminated()
            .withExitCode(143)
            .withReason("Error")
            .endTerminated()
            .endState()
            .endContainerStatus()
            .endStatus());
  }

  private String reason() {
    return Conditions.find(world.training.getStatus().conditions(), "Progressing")
        .orElseThrow()
        .getReason();
  }

  @Test
  void preemptionsCostNoAttemptAndBlameNobody() {
    world.settle();
    queued();
    world.settle();
    assertEquals("Queued", reason());
    for (int i = 0; i < 30; i++) {
      world.now = world.now.plusSeconds(1000);
      admitted();
      world.settle();
      world.run();
      world.settle();
      assertEquals("PodRunning", reason());
      world.now = world.now.plusSeconds(1000);
      preempted();
      assertEquals("Queued", reason());
      assertEquals(TrainingState.PENDING, world.training.getStatus().state());
    }
    // Let go again, with the pod of before still in the cache.
    world.now = world.now.plusSeconds(1000);
    admitted();
    world.settle();
    assertEquals("WaitingForPod", reason());
    world.run();
    world.settle();
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(List.of("t-a1"), world.created);
    assertEquals(List.of(), world.deleted);
    assertEquals(List.of("Result"), world.ends());
  }

  @Test
  void betweenResumeAndItsControllerTheOldPodTellsNothing() {
    world.settle();
    admitted();
    world.run();
    world.settle();
    preempted();
    world.change(job -> job.editSpec().withSuspend(false).endSpec());
    world.settle();
    assertEquals("Queued", reason());
    assertNull(world.ends().getFirst());
  }

  /** The trainer was faster than the signal; let go, the Job would train once more. */
  @Test
  void aResultUnderASuspendedJobCountsAndItsJobIsRemoved() {
    world.settle();
    admitted();
    world.run();
    world.settle();
    queued();
    var job = world.jobs.get("t-a1");
    world.exit(0, world.result("0.5"));
    world.jobs.put("t-a1", job);
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(List.of("t-a1"), world.deleted);
    assertEquals(List.of("t-a1"), world.created);
  }

  @Test
  void aStopTakesAQueuedJobAway() {
    world.settle();
    queued();
    world.settle();
    world.hold("Stop");
    world.settle();
    assertEquals(List.of("t-a1"), world.deleted);
    world.hold(null);
    world.settle();
    assertEquals(Arrays.asList("Suspended", null), world.ends());
  }

  @Test
  void aQueueThatAdmitsNothingIsToldOfAndFailsNothing() {
    world.settle();
    world.change(
        job ->
            job.editMetadata()
                .addToLabels("kueue.x-k8s.io/queue-name", "research")
                .endMetadata()
                .editSpec()
                .withSuspend(true)
                .endSpec());
    world.settle();
    assertEquals("Queued", reason());
    var told = world.now.plusSeconds(world.training.getSpec().deadlines().pendingSeconds());
    assertEquals(Optional.of(told), world.last.again());
    world.now = told.minusSeconds(1);
    world.settle();
    assertEquals("Queued", reason());
    world.now = told;
    world.settle();
    assertEquals("NotAdmitted", reason());
    assertTrue(message().startsWith("queue research has not admitted its Job for "), message());
    assertTrue(message().contains("kubectl describe localqueue research -n default"), message());
    world.complaints.put("t-a1", "LocalQueue research does not exist in namespace default");
    world.now = world.now.plusSeconds(600);
    world.settle();
    assertEquals("QueueMissing", reason());
    assertTrue(message().startsWith("LocalQueue research does not exist"), message());
    world.complaints.clear();
    world.now = world.now.plusSeconds(1_000_000);
    assertEquals(TrainingState.PENDING, world.settle().state());
    assertEquals("NotAdmitted", reason());
    admitted();
    world.run();
    world.settle();
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(List.of("t-a1"), world.created);
    assertEquals(List.of("Result"), world.ends());
  }

  private String message() {
    return Conditions.find(world.training.getStatus().conditions(), "Progressing")
        .orElseThrow()
        .getMessage();
  }

  @Test
  void theQueuesLabelsAreOnTheJobAloneAndItsSuspensionIsNotOurs() {
    var spec = world.training.getSpec();
    world.training.setSpec(
        new dev.autoloss.api.DetectorTrainingSpec(
            spec.detector(),
            spec.dataset(),
            spec.loss(),
            spec.schedule(),
            spec.seed(),
            spec.accelerator(),
            spec.evaluateOn(),
            spec.acceptance(),
            spec.retries(),
            spec.deadlines(),
            new Scheduling("research", "low", null),
            spec.pod(),
            spec.checkpoint()));
    var job = new TrainerJob(world.training, "trainer:1").attempt(1);
    assertEquals("research", job.getMetadata().getLabels().get("kueue.x-k8s.io/queue-name"));
    assertEquals("low", job.getMetadata().getLabels().get("kueue.x-k8s.io/priority-class"));
    assertTrue(
        job.getSpec().getTemplate().getMetadata().getLabels().keySet().stream()
            .noneMatch(label -> label.contains("kueue")));
    assertNull(job.getSpec().getSuspend());
  }
}
