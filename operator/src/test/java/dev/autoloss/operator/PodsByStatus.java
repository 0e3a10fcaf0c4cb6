package dev.autoloss.operator;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Ends pods by writing the status that a kubelet would write. */
public final class PodsByStatus implements SearchScenario.PodEnd {
  private final KubernetesClient client;
  private final boolean jobController;

  /** With a Job controller its pod is waited for and ended; without one pod and Job are written. */
  public PodsByStatus(KubernetesClient client, boolean jobController) {
    this.client = client;
    this.jobController = jobController;
  }

  @Override
  public void end(Job job, String terminationMessage) {
    Pod pod = jobController ? controllersPod(job) : client.resource(pod(job)).create();
    String time = Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    var container =
        new ContainerStatusBuilder()
            .withName("trainer")
            .withImage("trainer")
            .withImageID("trainer@sha256:0")
            .withReady(false)
            .withRestartCount(0)
            .withNewState()
            .withNewTerminated()
            .withExitCode(0)
            .withReason("Completed")
            .withMessage(terminationMessage)
            .withStartedAt(time)
            .withFinishedAt(time)
            .endTerminated()
            .endState()
            .build();
    client
        .resource(pod)
        .editStatus(
            one ->
                new PodBuilder(one)
                    .editOrNewStatus()
                    .withPhase("Succeeded")
                    .withContainerStatuses(container)
                    .endStatus()
                    .build());
    if (!jobController) {
      client
          .resource(job)
          .editStatus(
              one ->
                  new JobBuilder(one)
                      .editOrNewStatus()
                      .withSucceeded(1)
                      .addNewCondition()
                      .withType("Complete")
                      .withStatus("True")
                      .withLastTransitionTime(time)
                      .endCondition()
                      .endStatus()
                      .build());
    }
  }

  private Pod controllersPod(Job job) {
    var pods =
        client
            .pods()
            .inNamespace(job.getMetadata().getNamespace())
            .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName());
    pods.informOnCondition(found -> !found.isEmpty())
        .orTimeout(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)
        .join();
    return pods.list().getItems().getFirst();
  }

  private static Pod pod(Job job) {
    var template = job.getSpec().getTemplate();
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-0")
        .withNamespace(job.getMetadata().getNamespace())
        .withLabels(template.getMetadata().getLabels())
        .withAnnotations(template.getMetadata().getAnnotations())
        .addNewOwnerReference()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(job.getMetadata().getName())
        .withUid(job.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }
}
