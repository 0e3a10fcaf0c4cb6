package dev.autoloss.e2e.scale;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.e2e.RealCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code OperatorFloor [jobs] [parallelism] [rounds]}: what a control plane can give at best to
 * anything that keeps books of its trials. A client that makes plain Jobs, in turns with the same
 * client that writes for each Job the least that a trial's record needs; no operator runs.
 */
final class OperatorFloor {
  private static final int NODES = 125;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private OperatorFloor() {}

  public static void main(String[] arguments) throws Exception {
    int jobs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
    int parallelism = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    var result =
        new ObjectMapper()
            .readValue(
                Files.readString(Path.of("src/test/resources/trial-status.json")),
                DetectorTrainingStatus.class);
    try (RealCluster cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.applyCrds();
      String stage = Files.readString(Path.of("src/test/resources/pod-scores.yaml"));
      cluster.startFakeNodes(NODES, stage.replace("MESSAGE", "none"));
      namespace(client, "bare");
      namespace(client, "books");
      try (var bare = new BareClient(client, "bare", parallelism);
          var books =
              new BareClient(client, "books", parallelism, new TrialBooks(client, result))) {
        compare(client, bare, books, jobs, rounds);
      }
    }
  }

  private static void namespace(KubernetesClient client, String name) {
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
  }

  private static void compare(
      KubernetesClient client, BareClient bare, BareClient books, int jobs, int rounds)
      throws Exception {
    double plain = 0;
    double recorded = 0;
    for (int round = 1; round <= rounds; round++) {
      double one = seconds(client, bare, jobs);
      double other = seconds(client, books, jobs);
      plain += one;
      recorded += other;
      System.out.printf(
          "round %d: plain Jobs %.1f a second, with a trial's record %.1f, ratio %.2f (load %s)%n",
          round, jobs / one, jobs / other, one / other, Machine.load());
    }
    System.out.printf("ratio of all rounds: %.2f%n", plain / recorded);
  }

  private static double seconds(KubernetesClient client, BareClient one, int jobs)
      throws InterruptedException {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> client.pods().inAnyNamespace().list().getItems().isEmpty());
    long start = System.nanoTime();
    one.run(jobs);
    return (System.nanoTime() - start) / 1e9;
  }
}
