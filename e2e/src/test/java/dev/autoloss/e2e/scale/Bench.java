package dev.autoloss.e2e.scale;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.api.TrialResult;
import dev.autoloss.e2e.RealCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real control plane with fake GPU nodes, and the operator as a process that knows it as any
 * client does.
 */
final class Bench implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What the image and the chart's memory limit come to. */
  private static final String OPTIONS =
      "-Xmx144m -XX:+UseSerialGC -Xss512k -XX:ReservedCodeCacheSize=64m"
          + " -XX:TrimNativeHeapInterval=30000";

  private final RealCluster cluster;
  private final KubernetesClient client;
  private final Process operator;
  private final int port;
  private final Path log;

  private Bench(
      RealCluster cluster, KubernetesClient client, Process operator, int port, Path log) {
    this.cluster = cluster;
    this.client = client;
    this.operator = operator;
    this.port = port;
    this.log = log;
  }

  /** Starts all but the nodes. */
  static Bench start(Path log) throws Exception {
    RealCluster cluster = RealCluster.startOrSkip();
    cluster.applyCrds();
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String options = System.getenv().getOrDefault("OPERATOR_JAVA_OPTIONS", OPTIONS);
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.split(" ", -1)));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.autoloss.operator.OperatorMain",
            "--trainer-image=trainer:test",
            "--lease-namespace=default",
            "--http-port=" + port));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
    builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
    // The bare client has no limit either.
    builder.environment().put("AUTOLOSS_JOBS_PER_SECOND", "0");
    Process operator = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(operator::destroyForcibly));
    return new Bench(cluster, cluster.client(), operator, port, log);
  }

  KubernetesClient client() {
    return client;
  }

  long pid() {
    return operator.pid();
  }

  LossSearch apply(String name, LossSearchSpec spec) {
    if (client.namespaces().withName(name).get() == null) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
    var metadata = new ObjectMetaBuilder().withName(name).withNamespace(name).build();
    return client.resource(LossSearch.of(metadata, spec)).create();
  }

  /** Adds nodes whose pods score as the trainings of this search would. */
  void startNodes(int count, LossSearch search) throws IOException {
    DetectorTraining training =
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    client
                        .resources(DetectorTraining.class)
                        .inNamespace(search.getMetadata().getNamespace())
                        .list()
                        .getItems(),
                found -> !found.isEmpty())
            .getFirst();
    double ap = 0.123;
    var metrics = new Metrics(ap, ap, ap, -1, -1, -1, ap, ap, ap, -1, -1, -1);
    String message =
        MAPPER
            .writeValueAsString(
                new TrialResult(
                    Outcome.SCORED,
                    "HASH",
                    training.getSpec().seed(),
                    "0".repeat(64),
                    metrics,
                    1,
                    "kwok",
                    null))
            .replace("HASH", "{{ $hash }}")
            .replace("0.123", "{{ $ap }}");
    String stage = Files.readString(Path.of("src/test/resources/pod-scores.yaml"));
    cluster.startFakeNodes(count, stage.replace("MESSAGE", message));
  }

  LossSearchStatus status(LossSearch search) throws IOException {
    LossSearch now = client.resource(search).get();
    if (!operator.isAlive()) {
      Path logs = log.resolveSibling("operator-scale-cluster");
      cluster.copyLogs(logs);
      throw new AssertionError("the operator has ended: " + log + "; the cluster's logs: " + logs);
    }
    return now.getStatus();
  }

  static int recorded(LossSearchStatus status) {
    TrialCounts trials = status == null ? null : status.trials();
    return trials == null
        ? 0
        : trials.scored()
            + trials.diverged()
            + trials.rejected()
            + trials.lost()
            + trials.skipped();
  }

  /** Lets a search train so many in all. */
  void budget(LossSearch search, long trainings) {
    client
        .resource(search)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"budget\":{\"trainings\":" + trainings + "}}}");
  }

  /** Waits until so many trials are recorded, and returns the seconds that it took. */
  double awaitRecorded(LossSearch search, int trials) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long told = start;
    while (true) {
      int now = recorded(status(search));
      if (now >= trials) {
        return (System.nanoTime() - start) / 1e9;
      }
      if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(30)) {
        told = System.nanoTime();
        System.out.printf("  %d of %d recorded%n", now, trials);
      }
      TimeUnit.MILLISECONDS.sleep(250);
    }
  }

  /** Waits until no pod is left, so that nobody works off what another one has left behind. */
  void settle() {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> client.pods().inAnyNamespace().list().getItems().isEmpty());
  }

  /** Sum of a counter of the operator's over its labels. */
  double counter(String name) throws IOException, InterruptedException {
    return series(name).stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Lines of a metric of the operator's. */
  List<String> series(String name) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name))
          .toList();
    }
  }

  @Override
  public void close() {
    operator.destroy();
    try {
      operator.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    operator.destroyForcibly();
    client.close();
    cluster.close();
  }
}
