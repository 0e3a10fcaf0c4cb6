package dev.autoloss.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The whole way on a real Kubernetes: real Jobs with GPUs, scheduled on fake nodes, whose pods end
 * with a message that follows from the losses they were told to train.
 */
class OperatorOnRealClusterTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @Test
  void aSearchRunsToItsEnd() throws Exception {
    try (var cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.applyCrds();
      cluster.startFakeNodes(2);
      try (var operator =
          AutolossOperator.start(
              client,
              OperatorOptions.parse(
                  Map.of(), "--trainer-image=registry.example/trainer:1", "--http-port=0"))) {
        var scenario = new SearchScenario(client, "default", new PodsByAnnotation(client));
        scenario.run("evolve", LIMIT);
        assertTrue(cluster.kubectl("get", "losssearches").contains("Complete"));
        String metrics = get(operator, "/metrics");
        assertTrue(metrics.contains("autoloss_"), metrics);
        cluster.kubectl("delete", "losssearch", "evolve");
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    cluster
                        .kubectl("get", "dtrain,jobs,controllerrevisions")
                        .contains("No resources"));
      }
    }
  }

  @Test
  void theExampleRunsOnGpus() throws Exception {
    try (var cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.applyCrds();
      cluster.startFakeNodes(2);
      cluster.kubectl("apply", "-f", "src/test/resources/bccd-claim.yaml");
      var options = OperatorOptions.embedded("registry.example/trainer:1", "default");
      try (var _ = AutolossOperator.start(client, options)) {
        cluster.kubectl("apply", "-f", "../examples/bccd-fcos.yaml");
        var pods = new PodsByAnnotation(client);
        Set<String> ended = new HashSet<>();
        await()
            .atMost(LIMIT)
            .until(
                () -> {
                  jobs(client).stream()
                      .filter(job -> !pods.running(job).isEmpty())
                      .filter(job -> ended.add(job.getMetadata().getName()))
                      .forEach(job -> pods.end(job, SearchScenario.message(job)));
                  return cluster.kubectl("get", "lsearch", "bccd-fcos").contains("Complete");
                });
        assertEquals(9, ended.size(), ended::toString);
      }
      for (Job job : jobs(client)) {
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        assertEquals(
            new Quantity("1"),
            pod.getContainers().getFirst().getResources().getLimits().get("nvidia.com/gpu"));
        assertEquals(
            "bccd",
            pod.getVolumes().stream()
                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                .findFirst()
                .orElseThrow()
                .getPersistentVolumeClaim()
                .getClaimName());
      }
    }
  }

  @Test
  void anOperatorThatIsReplacedInTheMiddleGoesOn() throws Exception {
    try (var cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.applyCrds();
      cluster.startFakeNodes(2);
      var options = OperatorOptions.embedded("registry.example/trainer:1", "default");
      var running = new Running(client, options);
      var pods = new PodsByAnnotation(client);
      var scenario =
          new SearchScenario(
              client,
              "default",
              (job, message) -> {
                pods.end(job, message);
                running.replace();
              });
      try (running) {
        scenario.runDisturbed("replaced", LIMIT);
      }
    }
  }

  /** An operator that can be replaced by another one. */
  private static final class Running implements AutoCloseable {
    private final KubernetesClient client;
    private final OperatorOptions options;
    private AutolossOperator operator;

    Running(KubernetesClient client, OperatorOptions options) throws Exception {
      this.client = client;
      this.options = options;
      this.operator = AutolossOperator.start(client, options);
    }

    void replace() {
      operator.close();
      try {
        operator = AutolossOperator.start(client, options);
      } catch (IOException noPort) {
        throw new UncheckedIOException(noPort);
      }
    }

    @Override
    public void close() {
      operator.close();
    }
  }

  private static List<Job> jobs(KubernetesClient client) {
    return client.batch().v1().jobs().inNamespace("default").list().getItems();
  }

  private static String get(AutolossOperator operator, String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + operator.httpPort().orElseThrow() + path);
      return http.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
