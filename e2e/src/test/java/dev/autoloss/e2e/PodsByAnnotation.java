package dev.autoloss.e2e;

import static org.awaitility.Awaitility.await;

import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;

/** Tells {@link RealCluster}'s fake nodes what the trainer of a Job says at its end. */
public final class PodsByAnnotation implements SearchScenario.PodEnd {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final KubernetesClient client;

  public PodsByAnnotation(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public void end(Job job, String terminationMessage) {
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(KubernetesClientException.class)
        .until(
            () -> {
              List<Pod> pods = running(job);
              pods.stream().limit(1).forEach(pod -> end(pod, terminationMessage));
              return !pods.isEmpty();
            });
  }

  /** Ends a running pod with exit code 0. */
  public void end(Pod pod, String terminationMessage) {
    client
        .pods()
        .resource(pod)
        .edit(
            seen -> {
              var annotations = new HashMap<String, String>();
              if (seen.getMetadata().getAnnotations() != null) {
                annotations.putAll(seen.getMetadata().getAnnotations());
              }
              annotations.put("test.autoloss.dev/message", terminationMessage);
              seen.getMetadata().setAnnotations(annotations);
              return seen;
            });
  }

  /** Running pods of a Job. */
  public List<Pod> running(Job job) {
    return client
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }
}
