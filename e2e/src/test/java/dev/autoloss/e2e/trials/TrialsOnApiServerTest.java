package dev.autoloss.e2e.trials;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.local.server.ApiEndpoint;
import dev.autoloss.local.server.ApiServer;
import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.PodsByStatus;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.SearchScenario;
import dev.autoloss.operator.metrics.OperatorMetrics;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search of 25 trials as an API server sees it: what is written, and what is removed. */
class TrialsOnApiServerTest {
  private static final String NAMESPACE = "default";
  private static final int TRIALS = 1 + 4 * 6;
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern WRITE =
      Pattern.compile(
          "autoloss_api_requests_total\\{code=\"2..\",resource=\"(.*?)\",verb=\"(create|update|patch|delete)\"} (.*)");

  @TempDir Path directory;

  private ApiServer server() throws Exception {
    var yaml = new ObjectMapper(new YAMLFactory());
    var crds = new ArrayList<JsonNode>();
    try (Stream<Path> files = Files.list(Path.of("../crds"))) {
      for (Path file : files.sorted().toList()) {
        crds.add(yaml.readTree(file.toFile()));
      }
    }
    return ApiServer.open(directory, crds, (namespace, pod, lines) -> Optional.empty());
  }

  private static OperatorOptions options() {
    return new OperatorOptions(
        "trainer:test",
        Set.of(NAMESPACE),
        OptionalInt.empty(),
        Duration.ofHours(1),
        Optional.empty(),
        Duration.ofSeconds(15),
        Duration.ofMinutes(10),
        1,
        100,
        false,
        InstantSource.system());
  }

  @Test
  void trainingsOfPastGenerationsGoAndAreNotMadeAgain() throws Exception {
    try (var server = server();
        ExecutorService kubelet = Executors.newVirtualThreadPerTaskExecutor();
        KubernetesClient client = endpoint(server).client()) {
      Queue<String> made = new ConcurrentLinkedQueue<>();
      try (var _ =
              client.resources(DetectorTraining.class).inNamespace(NAMESPACE).inform(names(made));
          var _ =
              client.resources(Job.class).inNamespace(NAMESPACE).inform(ending(client, kubelet))) {
        var metadata = new ObjectMetaBuilder().withName("tidy").withNamespace(NAMESPACE).build();
        var spec =
            Samples.changed(
                Samples.searchSpec(4, 6, 2),
                "trials: {retain: Nothing, ttlSecondsAfterRecorded: 0}");
        client.resource(LossSearch.of(metadata, spec)).create();
        runOperator(server, client);
        Set<String> left = left(client);
        // The default pair, the five best, and the parents of the last generation.
        assertTrue(left.size() >= 6 && left.size() <= 8, left.toString());
        LossSearch search = search(client);
        search
            .getStatus()
            .best()
            .forEach(one -> assertTrue(left.contains(one.candidate() + "-p0")));
        assertTrue(left.contains("g0-c0-p0"));
        assertEquals(TRIALS, search.getStatus().trials().scored());
        assertEquals(0, client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems().size());
        // Another operator, which knows nothing.
        runOperator(server, client);
        assertEquals(left, left(client));
        assertEquals(TRIALS, made.size(), made.toString());
        assertEquals(TRIALS, Set.copyOf(made).size(), made.toString());
      }
    }
  }

  /** Each under the name of one that was deleted the moment before. */
  @Test
  void whatIsMadeAgainUnderItsNameIsSeen() throws Exception {
    try (var server = server();
        KubernetesClient client = endpoint(server).client();
        KubernetesClient own = endpoint(server).client();
        var _ = AutolossOperator.start(own, options())) {
      var metadata = new ObjectMetaBuilder().withName("again").withNamespace(NAMESPACE).build();
      var suspended = Samples.changed(Samples.searchSpec(1, 2, 1), "{suspend: true}");
      // Held, so that no Job of it is in the way of the next one's.
      var held = new ObjectMetaBuilder(metadata).addToAnnotations(Labels.HOLD, "Drain").build();
      var training = DetectorTraining.of(held, Samples.spec());
      for (int i = 0; i < 20; i++) {
        LossSearch search = client.resource(LossSearch.of(metadata, suspended)).create();
        DetectorTraining one = client.resource(training).create();
        await("status of the search, time " + i)
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> client.resource(search).get().getStatus() != null);
        await("status of the training, time " + i)
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> client.resource(one).get().getStatus() != null);
        client.resource(search).delete();
        client.resource(one).delete();
      }
    }
  }

  private static LossSearch search(KubernetesClient client) {
    return client.resources(LossSearch.class).inNamespace(NAMESPACE).withName("tidy").get();
  }

  private static Set<String> left(KubernetesClient client) {
    return client
        .resources(DetectorTraining.class)
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(training -> training.getMetadata().getAnnotations().get(Labels.TRIAL))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Until the search is complete and nothing is removed any more; counts what was written. */
  private static void runOperator(ApiServer server, KubernetesClient client) throws Exception {
    var metrics = new OperatorMetrics(1);
    String scraped;
    try (KubernetesClient own = OperatorClient.of(endpoint(server).config(), metrics)) {
      var operator = AutolossOperator.start(own, options(), metrics);
      try {
        await().atMost(LIMIT).until(() -> complete(client));
        await()
            .atMost(LIMIT)
            .during(Duration.ofSeconds(3))
            .until(() -> left(client).size(), size -> size <= 8);
        scraped = metrics.scrape();
      } finally {
        operator.close();
      }
    }
    var writes = new TreeMap<String, Double>();
    scraped
        .lines()
        .map(WRITE::matcher)
        .filter(matcher -> matcher.matches())
        .forEach(
            matcher ->
                writes.merge(
                    matcher.group(2) + " " + matcher.group(1),
                    Double.parseDouble(matcher.group(3)),
                    Double::sum));
    double objects =
        writes.entrySet().stream()
            .filter(entry -> !entry.getKey().endsWith(" events"))
            .filter(entry -> !entry.getKey().startsWith("delete "))
            .mapToDouble(entry -> entry.getValue())
            .sum();
    System.out.println("Writes of " + TRIALS + " trials: " + writes);
    assertTrue(objects <= 8 * TRIALS, objects + " writes: " + writes);
  }

  private static boolean complete(KubernetesClient client) {
    var status = search(client).getStatus();
    return status != null && status.state() == SearchPhase.COMPLETE;
  }

  private static ApiEndpoint endpoint(ApiServer server) {
    return new ApiEndpoint(server.address().toString(), server.token());
  }

  private static ResourceEventHandler<DetectorTraining> names(Queue<String> made) {
    return new Added<>() {
      @Override
      public void onAdd(DetectorTraining training) {
        made.add(training.getMetadata().getName());
      }
    };
  }

  private static ResourceEventHandler<Job> ending(
      KubernetesClient client, ExecutorService kubelet) {
    var pods = new PodsByStatus(client, false);
    return new Added<>() {
      @Override
      public void onAdd(Job job) {
        var _ = kubelet.submit(() -> pods.end(job, SearchScenario.message(job)));
      }
    };
  }

  private abstract static class Added<T> implements ResourceEventHandler<T> {
    @Override
    public void onUpdate(T before, T now) {}

    @Override
    public void onDelete(T gone, boolean unknown) {}
  }
}
