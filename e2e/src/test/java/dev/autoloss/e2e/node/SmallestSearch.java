package dev.autoloss.e2e.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A search of two generations of two, each trained for seconds on a pretend GPU's node. */
final class SmallestSearch {
  /** Trials of it all: the default pair's, and two of each generation. */
  static final int TRIALS = 5;

  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final String YAML =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: LossSearch
      metadata: {name: NAME}
      spec:
        seed: 1
        detector: {architecture: FCOS, backbone: Small}
        dataset: {source: {shapes: {trainImages: 16, validationImages: 8, width: 64, height: 64}}}
        evolution: {generations: 2, candidates: 300, trained: TRAINED, parents: 1}
        training:
          accelerator: {count: 0, cpuThreads: 1}
          schedule:
            epochs: 10
            batchSize: 4
            learningRate: 0.01
            resize: {shortSide: 64, longSide: 64}
        trials:
          parallelism: 2
          pod:
            imagePullPolicy: Never
            nodeSelector: {kubernetes.io/hostname: node-1}
            resources: {limits: {nvidia.com/gpu: 1}}
      """;

  private SmallestSearch() {}

  /** Creates it, with more lines of its spec. */
  static LossSearch create(KubernetesClient client, String namespace, String name, String... more) {
    return create(client, namespace, name, 2, String.join("\n", more));
  }

  /** Creates it with another number of losses that each generation trains. */
  static LossSearch create(
      KubernetesClient client, String namespace, String name, int trained, String more) {
    String yaml =
        YAML.replace("NAME", name).replace("TRAINED", Integer.toString(trained)) + more.indent(2);
    // As YAML: a record would send zeros for what is left out.
    client.resource(yaml).inNamespace(namespace).create();
    return client.resources(LossSearch.class).inNamespace(namespace).withName(name).get();
  }

  static LossSearch awaitComplete(KubernetesClient client, String namespace, String name) {
    LossSearch end = awaitEnd(client, namespace, name);
    assertEquals(SearchPhase.COMPLETE, end.getStatus().state(), () -> end.getStatus().toString());
    return end;
  }

  /** Complete or failed. */
  static LossSearch awaitEnd(KubernetesClient client, String namespace, String name) {
    Resource<LossSearch> search =
        client.resources(LossSearch.class).inNamespace(namespace).withName(name);
    try {
      return search.waitUntilCondition(
          seen -> seen != null && ended(seen), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException late) {
      throw new AssertionError("stands at " + search.get().getStatus(), late);
    }
  }

  private static boolean ended(LossSearch search) {
    var status = search.getStatus();
    return status != null
        && (status.state() == SearchPhase.COMPLETE || status.state() == SearchPhase.FAILED);
  }
}
