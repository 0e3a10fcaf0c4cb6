package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which changes of Jobs and pods wake a training. */
class TrainingSourcesTest {
  private final World world = new World();
  private Job job;
  private Pod pod;

  @BeforeEach
  void aPodThatRuns() {
    world.settle();
    world.run();
    job = world.jobs.get(world.newestJob());
    pod = world.pods.get(world.newestJob());
  }

  @Test
  void countsOfPodsDoNot() {
    Job counted =
        new JobBuilder(job)
            .editMetadata()
            .withResourceVersion("9")
            .endMetadata()
            .editOrNewStatus()
            .withActive(1)
            .withReady(1)
            .withNewUncountedTerminatedPods()
            .addToSucceeded("pod")
            .endUncountedTerminatedPods()
            .endStatus()
            .build();
    Job before = new JobBuilder(job).editOrNewStatus().endStatus().build();
    assertFalse(TrainingSources.matters(counted, before));
  }

  @Test
  void startEndSuspensionAndDeletionOfAJobDo() {
    Job started =
        new JobBuilder(job)
            .editOrNewStatus()
            .withStartTime("2026-01-01T00:00:00Z")
            .endStatus()
            .build();
    assertTrue(TrainingSources.matters(started, job));
    Job suspended = new JobBuilder(job).editSpec().withSuspend(true).endSpec().build();
    assertTrue(TrainingSources.matters(suspended, job));
    Job deleted =
        new JobBuilder(job)
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    assertTrue(TrainingSources.matters(deleted, job));
    world.finishJob("Complete");
    assertTrue(TrainingSources.matters(world.jobs.get(world.newestJob()), job));
    Job other = new JobBuilder(job).editMetadata().withUid("other").endMetadata().build();
    assertTrue(TrainingSources.matters(other, job), "made again under its name");
  }

  @Test
  void theEndOfAPodsFinalizerDoesNot() {
    Pod let =
        new PodBuilder(pod)
            .editMetadata()
            .withResourceVersion("9")
            .withFinalizers("batch.kubernetes.io/job-tracking")
            .endMetadata()
            .build();
    assertFalse(TrainingSources.matters(pod, let));
  }

  @Test
  void allThatAPodsStatusTellsDoes() {
    world.exit(0, world.result("0.5"));
    assertTrue(TrainingSources.matters(world.pods.get(world.newestJob()), pod));
    Pod placed = new PodBuilder(pod).editOrNewSpec().withNodeName("node").endSpec().build();
    assertTrue(TrainingSources.matters(placed, pod));
    Pod stopped =
        new PodBuilder(pod)
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    assertTrue(TrainingSources.matters(stopped, pod));
    Pod moved =
        new PodBuilder(pod)
            .editMetadata()
            .addToAnnotations(Labels.TRAINING, "other")
            .endMetadata()
            .build();
    assertTrue(TrainingSources.matters(moved, pod));
  }
}
