package dev.autoloss.e2e.node;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import io.fabric8.kubernetes.client.KubernetesClient;
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
        evolution: {generations: 2, candidates: 300, trained: 2, parents: 1}
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
    String yaml = YAML.replace("NAME", name) + String.join("\n", more).indent(2);
    return (LossSearch) client.resource(yaml).inNamespace(namespace).create();
  }

  static LossSearch awaitComplete(KubernetesClient client, LossSearch search) {
    try {
      return client
          .resource(search)
          .waitUntilCondition(
              seen ->
                  seen != null
                      && seen.getStatus() != null
                      && seen.getStatus().state() == SearchPhase.COMPLETE,
              LIMIT.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RuntimeException late) {
      throw new AssertionError("stands at " + client.resource(search).get().getStatus(), late);
    }
  }
}
