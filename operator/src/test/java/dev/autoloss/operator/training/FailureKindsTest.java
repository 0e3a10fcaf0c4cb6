package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingState;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps a trainer from running or ends it, as kubelet, scheduler and controllers tell it. */
class FailureKindsTest {
  private final World world = new World();

  private Condition progressing() {
    return Conditions.find(world.training.getStatus().conditions(), "Progressing").orElseThrow();
  }

  private Attempt first() {
    return world.training.getStatus().attempts().getFirst();
  }

  private void later(long seconds) {
    world.now = world.now.plusSeconds(seconds);
    world.settle();
  }

  private PodBuilder waiting(String reason, String message) {
    return world
        .pod()
        .withNewSpec()
        .addNewContainer()
        .withName("trainer")
        .withImage("registry.example/trainer:1")
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .addNewContainerStatus()
        .withName("trainer")
        .withNewState()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus();
  }

  /** The words are those of kubelets and schedulers of Kubernetes 1.35. */
  @ParameterizedTest
  @CsvSource({
    "ErrImagePull, 'failed to pull and unpack image: not found', ImagePull, imagePullSecrets",
    "ImagePullBackOff, 'Back-off pulling image', ImagePull, registry.example/trainer:1",
    "ErrImageNeverPull, 'Container image is not present', ImagePull, is not present",
    "CreateContainerConfigError, 'secret \"s3\" not found', ContainerConfig, secret \"s3\" not found",
  })
  void whatKeepsAPodFromRunningIsToldAndEndsAtTheDeadline(
      String kubelets, String message, String reason, String part) {
    world.settle();
    world.add(waiting(kubelets, message));
    later(10);
    assertEquals("True", progressing().getStatus());
    assertEquals(reason, progressing().getReason());
    assertTrue(progressing().getMessage().contains(part), progressing().getMessage());
    assertTrue(progressing().getMessage().contains("kubectl describe pod t-a1-x"));
    assertNull(first().end());
    later(590);
    assertEquals("Infrastructure", first().end());
    assertEquals(reason, first().reason());
    assertTrue(first().message().contains("deadlines.pendingSeconds"), first().message());
    assertEquals(java.util.List.of("t-a1"), world.deleted);
    assertEquals(Arrays.asList("Infrastructure", null), world.ends(), "and is tried again");
  }

  @Test
  void otherWordsForTheSameThingAreNoWrite() {
    world.settle();
    world.add(waiting("ErrImagePull", "not found"));
    later(10);
    String words = progressing().getMessage();
    int writes = world.writes;
    world.add(waiting("ImagePullBackOff", "Back-off pulling image"));
    later(10);
    assertEquals(writes, world.writes);
    assertEquals(words, progressing().getMessage());
  }

  @Test
  void anUnschedulablePodTellsTheSchedulersWords() {
    world.settle();
    world.add(
        world
            .pod()
            .withNewStatus()
            .withPhase("Pending")
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage("0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")
            .endCondition()
            .endStatus());
    later(10);
    assertEquals("Unschedulable", progressing().getReason());
    assertTrue(progressing().getMessage().contains("3 Insufficient nvidia.com/gpu"));
    later(590);
    assertEquals("Infrastructure Unschedulable", first().end() + " " + first().reason());
  }

  @ParameterizedTest
  @CsvSource({
    "'Error creating: pods \"t-a1-\" is forbidden: exceeded quota: gpus', QuotaExceeded",
    "'Error creating: pods \"t-a1-\" is forbidden: violates PodSecurity \"restricted\"', NoPod",
  })
  void aPodThatCanNotBeMadeTellsTheControllersWords(String words, String reason) {
    world.settle();
    world.complaints.put("t-a1", words);
    later(10);
    assertEquals(reason, progressing().getReason());
    assertTrue(progressing().getMessage().contains(words), progressing().getMessage());
    later(590);
    assertEquals("Infrastructure " + reason, first().end() + " " + first().reason());
  }

  @Test
  void aPodOfALostNodeThatStaysTerminatingIsGivenUp() {
    world.settle();
    world.add(
        world
            .pod()
            .editMetadata()
            .withDeletionTimestamp(Conditions.rfc3339(world.now))
            .endMetadata()
            .withNewSpec()
            .withNodeName("node-7")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .withStartTime(Conditions.rfc3339(world.now))
            .endStatus());
    world.settle();
    assertEquals(TrainingState.RUNNING, world.training.getStatus().state());
    later(359);
    assertNull(first().end(), "the kubelet may still answer");
    later(1);
    assertEquals("Infrastructure NodeLost", first().end() + " " + first().reason());
    assertTrue(first().message().contains("kubectl delete node node-7"), first().message());
    assertEquals(java.util.List.of("t-a1"), world.deleted);
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome(), "the next attempt counts");
  }

  @Test
  void aPodThatNoKubeletEndsIsNotWaitedForForEver() {
    world.settle();
    world.add(
        world
            .pod()
            .withNewStatus()
            .withPhase("Running")
            .withStartTime(Conditions.rfc3339(world.now))
            .endStatus());
    world.settle();
    later(3600 + 359);
    assertNull(first().end());
    later(1);
    assertEquals("Infrastructure NodeLost", first().end() + " " + first().reason());
  }

  /** Exit code, container's reason, pod's reason, pod's condition → reason, part of the message. */
  @ParameterizedTest
  @CsvSource({
    "137, OOMKilled, , , OutOfMemory, 'not the accelerator'",
    "22, Error, , , AcceleratorMemory, needs 9 GiB",
    "1, Error, , , Crashed, exit code 1",
    "143, Error, , DisruptionTarget, Disrupted, node",
    "1, Error, Evicted, , Disrupted, Evicted",
    "143, Error, DeadlineExceeded, , RanTooLong, runSeconds",
    "128, StartError, , , ContainerNotStarted, StartError",
    "143, Error, , , Signalled, ''",
    "20, Error, , , InvalidDocument, needs 9 GiB",
  })
  void anEndSaysWhatHappened(
      int code, String reason, String podReason, String condition, String told, String part) {
    world.settle();
    world.exit(code, code < 100 && code > 1 ? "needs 9 GiB" : "", reason, podReason, condition);
    world.settle();
    assertEquals(told, first().reason());
    assertTrue(String.valueOf(first().message()).contains(part), first().message());
  }

  @Test
  void aLostTrialSaysWhy() {
    for (int i = 0; i < 3; i++) {
      world.settle();
      world.exit(137, "", "OOMKilled", null, null);
    }
    var status = world.settle();
    assertEquals(Outcome.LOST, status.outcome());
    assertTrue(status.message().startsWith("Infrastructure OutOfMemory: "), status.message());
    assertEquals(3, world.created.size());
  }

  @Test
  void aJobDeletedByHandAndAPodRemovedWithItsMessageAreTold() {
    world.settle();
    later(10);
    world.jobs.clear();
    world.settle();
    assertEquals("Infrastructure JobDeleted", first().end() + " " + first().reason());
    world.finishJob("Failed");
    later(60);
    Attempt second = world.training.getStatus().attempts().get(1);
    assertEquals("Infrastructure PodVanished", second.end() + " " + second.reason());
  }
}
