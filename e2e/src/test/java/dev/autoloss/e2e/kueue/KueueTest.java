package dev.autoloss.e2e.kueue;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.e2e.WholeSuite;
import dev.autoloss.e2e.node.NodeCluster;
import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.SearchScenario;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Trials in a queue of Kueue's with a quota of two GPUs. Kueue's manager, the Jobs and the
 * scheduling are real; the node is not, so a pod ends when the test lets it.
 */
class KueueTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int PARALLELISM = 6;
  private static final int QUOTA = 2;

  @Test
  void aSearchRunsWithinItsQuotaAndIsPreemptedWithoutBlame() throws Exception {
    WholeSuite.orSkip();
    try (var cluster = NodeCluster.startOrSkip("kueue", "kwok", "kueue");
        KubernetesClient client = OperatorClient.of(cluster.config())) {
      cluster.applyCrds();
      cluster.script("kwok", "1");
      cluster.script("kueue");
      applyQuota(cluster);
      var running = new Running();
      try (var _ = client.pods().inNamespace("default").inform(running);
          var _ =
              AutolossOperator.start(
                  client, OperatorOptions.embedded("registry.example/trainer:1", "default"))) {
        LossSearch patient = search(client, "patient", PARALLELISM);
        await().atMost(LIMIT).until(() -> jobs(client, patient).size() == PARALLELISM);
        await().atMost(LIMIT).until(() -> running.now(patient) == QUOTA);
        Set<String> displaced = running.names(patient);

        LossSearch urgent = search(client, "urgent", 2);
        await().atMost(LIMIT).until(() -> running.now(urgent) > 0);
        assertTrue(running.now(patient) < QUOTA);
        await().atMost(LIMIT).until(() -> endPodsUntilComplete(client, urgent));

        await().atMost(LIMIT).until(() -> endPodsUntilComplete(client, patient));
        assertNobodyIsBlamed(client, urgent);
        assertNobodyIsBlamed(client, patient);
        assertEquals(QUOTA, running.most(), "pods at once");
        assertTrue(
            client.pods().inNamespace("default").list().getItems().stream()
                    .map(pod -> pod.getMetadata().getName())
                    .filter(displaced::contains)
                    .count()
                < displaced.size(),
            "nothing was displaced");
      }
    }
  }

  /** Kueue holds the Job of a queue that nobody made; the trial tells of it until somebody does. */
  @Test
  void aTrialTellsThatItsQueueIsMissingAndGoesOnOnceItIsMade() throws Exception {
    WholeSuite.orSkip();
    try (var cluster = NodeCluster.startOrSkip("kueue-missing", "kwok", "kueue");
        KubernetesClient client = OperatorClient.of(cluster.config())) {
      cluster.applyCrds();
      cluster.script("kwok", "1");
      cluster.script("kueue");
      applyQuota(cluster);
      try (var _ =
          AutolossOperator.start(
              client, OperatorOptions.embedded("registry.example/trainer:1", "default"))) {
        LossSearch search = search(client, "patient", "nobodys", 2);
        await().atMost(LIMIT).until(() -> progress(client, search).contains("QueueMissing"));
        assertTrue(
            progress(client, search)
                .contains("LocalQueue nobodys does not exist in namespace default"));
        client.resource(NOBODYS_QUEUE).inNamespace("default").create();
        await().atMost(LIMIT).until(() -> endPodsUntilComplete(client, search));
        assertNobodyIsBlamed(client, search);
      }
    }
  }

  private static final String NOBODYS_QUEUE =
      """
      apiVersion: kueue.x-k8s.io/v1beta2
      kind: LocalQueue
      metadata: {name: nobodys}
      spec: {clusterQueue: research}
      """;

  /** What the search's trials say of their progress. */
  private static String progress(KubernetesClient client, LossSearch search) {
    return trainings(client, search).stream()
        .filter(training -> training.getStatus() != null)
        .flatMap(training -> training.getStatus().conditions().stream())
        .filter(condition -> condition.getType().equals("Progressing"))
        .map(condition -> condition.getReason() + ": " + condition.getMessage())
        .collect(Collectors.joining("\n"));
  }

  private static void applyQuota(NodeCluster cluster) {
    // Its webhooks answer a moment after its readiness.
    await("queues")
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                cluster
                    .kubectl("apply", "-f", "src/test/resources/kueue-quota.yaml")
                    .contains("urgent"));
  }

  private static LossSearch search(KubernetesClient client, String priority, int trials) {
    return search(client, priority, "gpus", trials);
  }

  /** A search of one generation that has as many trials as it may run at once. */
  private static LossSearch search(
      KubernetesClient client, String priority, String queue, int trials) {
    String yaml =
        """
        apiVersion: autoloss.dev/v1alpha1
        kind: LossSearch
        metadata: {name: %1$s}
        spec:
          seed: 1
          detector: {architecture: FCOS, backbone: Small}
          dataset: {source: {shapes: {}}}
          evolution: {generations: 1, candidates: 300, trained: %2$d, parents: 1}
          training: {accelerator: {count: 1}}
          trials:
            parallelism: %3$d
            maxFailed: 0
            retries: {infrastructure: 0, trainer: 0}
            deadlines: {pendingSeconds: 60}
            scheduling: {queueName: %4$s, workloadPriorityClass: %1$s}
        """
            .formatted(priority, trials - 1, trials, queue);
    // As YAML: a record would send zeros for what is left out.
    client.resource(yaml).inNamespace("default").create();
    return client.resources(LossSearch.class).inNamespace("default").withName(priority).get();
  }

  private static List<Job> jobs(KubernetesClient client, LossSearch search) {
    return client
        .batch()
        .v1()
        .jobs()
        .inNamespace("default")
        .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
        .list()
        .getItems();
  }

  private static List<DetectorTraining> trainings(KubernetesClient client, LossSearch search) {
    return client
        .resources(DetectorTraining.class)
        .inNamespace("default")
        .withLabel(Labels.SEARCH_UID, search.getMetadata().getUid())
        .list()
        .getItems();
  }

  /** Lets the search's pods that run end, each with its result. */
  private static boolean endPodsUntilComplete(KubernetesClient client, LossSearch search) {
    for (Job job : jobs(client, search)) {
      client
          .pods()
          .inNamespace("default")
          .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName())
          .list()
          .getItems()
          .stream()
          .filter(Running::runs)
          .forEach(pod -> end(client, pod, SearchScenario.message(job)));
    }
    var status = client.resource(search).get().getStatus();
    return status != null && status.state() == SearchPhase.COMPLETE;
  }

  private static void end(KubernetesClient client, Pod pod, String message) {
    client
        .pods()
        .resource(pod)
        .edit(
            seen -> {
              var annotations = new HashMap<>(seen.getMetadata().getAnnotations());
              annotations.put("test.autoloss.dev/message", message);
              seen.getMetadata().setAnnotations(annotations);
              return seen;
            });
  }

  /** Each trial has its result from its first attempt, with no retry to its name. */
  private static void assertNobodyIsBlamed(KubernetesClient client, LossSearch search) {
    List<DetectorTraining> trainings = trainings(client, search);
    assertTrue(trainings.size() >= 2, trainings::toString);
    for (DetectorTraining training : trainings) {
      var status = training.getStatus();
      assertEquals(Outcome.SCORED, status.outcome(), status::toString);
      assertEquals(
          List.of("Result"),
          status.attempts().stream().map(Attempt::end).toList(),
          status::toString);
    }
    assertEquals(0, client.resource(search).get().getStatus().trials().lost());
  }

  /** The pods that run, as the API server tells it, and the most that ever did at once. */
  private static final class Running implements ResourceEventHandler<Pod> {
    private final ConcurrentHashMap<String, String> searches = new ConcurrentHashMap<>();
    private final AtomicInteger most = new AtomicInteger();

    static boolean runs(Pod pod) {
      return "Running".equals(pod.getStatus().getPhase())
          && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private void see(Pod pod) {
      String name = pod.getMetadata().getName();
      if (runs(pod)) {
        searches.put(name, pod.getMetadata().getLabels().get(Labels.SEARCH_UID));
      } else {
        searches.remove(name);
      }
      most.accumulateAndGet(searches.size(), Math::max);
    }

    @Override
    public void onAdd(Pod pod) {
      see(pod);
    }

    @Override
    public void onUpdate(Pod old, Pod pod) {
      see(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      searches.remove(pod.getMetadata().getName());
    }

    int most() {
      return most.get();
    }

    int now(LossSearch search) {
      return names(search).size();
    }

    Set<String> names(LossSearch search) {
      String uid = search.getMetadata().getUid();
      return Set.copyOf(
          searches.entrySet().stream()
              .filter(pod -> uid.equals(pod.getValue()))
              .map(pod -> pod.getKey())
              .toList());
    }
  }
}
