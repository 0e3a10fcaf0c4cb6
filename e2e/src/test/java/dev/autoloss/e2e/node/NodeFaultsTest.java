package dev.autoloss.e2e.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrainingState;
import dev.autoloss.e2e.WholeSuite;
import dev.autoloss.operator.AutolossOperator;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.OperatorOptions;
import dev.autoloss.operator.SearchScenario;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What goes wrong on a real node, each with the trainer's real image and a real kubelet: the trial
 * ends as it would have, or with the reason, and nobody but its cause is blamed.
 */
class NodeFaultsTest {
  private static final String SHORT = Trials.epochs(24);
  private static final String LONG = Trials.epochs(1000);

  /** Until a silent node counts as lost, its pods are told to end, and nobody hopes any more. */
  private static final Duration NODE_LOST = Duration.ofMinutes(10);

  private static final String ON_NODE = Trials.pod(Trials.gpu());

  private static NodeCluster cluster;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    WholeSuite.orSkip();
    cluster = NodeCluster.withNodeOrSkip("faults");
    cluster.applyCrds();
    client = OperatorClient.of(cluster.config());
  }

  @AfterAll
  static void stop() {
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Trials trials(String namespace) {
    var metadata = new ObjectMetaBuilder().withName(namespace).build();
    client.resource(new NamespaceBuilder().withMetadata(metadata).build()).create();
    return new Trials(client, namespace);
  }

  private static AutolossOperator operator(String namespace) throws IOException {
    return AutolossOperator.start(
        client, OperatorOptions.embedded(NodeCluster.image("autoloss-trainer"), namespace));
  }

  /** The trial has its result, and one attempt before that which ended for one of these reasons. */
  private static void assertScoredAfter(DetectorTrainingStatus status, String... reasons) {
    List<String> ends = Trials.ends(status);
    assertEquals(Outcome.SCORED, status.outcome(), status::toString);
    assertEquals(2, ends.size(), status::toString);
    assertTrue(Set.of(reasons).contains(ends.getFirst()), status::toString);
    assertEquals("Result", ends.getLast());
  }

  private static void assertLost(DetectorTrainingStatus status, String end, String said) {
    assertEquals(Outcome.LOST, status.outcome(), status::toString);
    assertEquals(Set.of(end), Set.copyOf(Trials.ends(status)), status::toString);
    assertNotNull(status.message());
    assertTrue(status.message().contains(said), status::toString);
  }

  @Test
  void aPodIsDeleted() throws Exception {
    Trials trials = trials("pod-deleted");
    try (var _ = operator("pod-deleted")) {
      trials.create("t", SHORT + ON_NODE);
      Pod pod = trials.training("t", 1);
      client.pods().resource(pod).delete();
      assertScoredAfter(trials.outcome("t"), "Stopped", "Infrastructure");
    }
  }

  @Test
  void aTrainerIsKilled() throws Exception {
    Trials trials = trials("killed");
    try (var _ = operator("killed")) {
      trials.create("t", SHORT + ON_NODE);
      assertTrue(Trials.process(trials.training("t", 1)).destroyForcibly());
      assertScoredAfter(trials.outcome("t"), "Trainer");
    }
  }

  @Test
  void theNodeIsDrained() throws Exception {
    Trials trials = trials("drained");
    try (var _ = operator("drained")) {
      trials.create("t", SHORT + ON_NODE);
      trials.training("t", 1);
      cluster.kubectl(
          "drain", "node-1", "--force", "--delete-emptydir-data", "--ignore-daemonsets");
      trials.until("t", status -> status.attempts().size() == 2);
      cluster.kubectl("uncordon", "node-1");
      assertScoredAfter(trials.outcome("t"), "Infrastructure");
    } finally {
      cluster.kubectl("uncordon", "node-1");
    }
  }

  /** Its pod can't be seen to end: nobody is left who would say so. */
  @Test
  void theKubeletIsGoneForGood() throws Exception {
    Trials trials = trials("kubelet-gone");
    try (var _ = operator("kubelet-gone")) {
      trials.create(
          "t", LONG + "deadlines: {resultGraceSeconds: 3}\npod: {imagePullPolicy: Never}\n");
      trials.training("t", 1);
      cluster.kill("kubelet");
      cluster.script("kwok", "1");
      Pod second = trials.running("t", 2, NODE_LOST);
      assertEquals("fake-0", second.getSpec().getNodeName());
      Job job = client.batch().v1().jobs().inNamespace("kubelet-gone").withName("t-a2").get();
      client
          .pods()
          .resource(second)
          .edit(
              seen -> {
                seen.getMetadata()
                    .setAnnotations(
                        Map.of("test.autoloss.dev/message", SearchScenario.message(job)));
                return seen;
              });
      assertScoredAfter(trials.outcome("t"), "Infrastructure");
    } finally {
      cluster.script("node", "8");
      cluster.remove("kwok");
    }
  }

  @Test
  void itsMemoryIsTooSmall() throws Exception {
    Trials trials = trials("memory");
    try (var _ = operator("memory")) {
      trials.create(
          "t",
          LONG
              + "retries: {infrastructure: 1, trainer: 1}\n"
              + Trials.pod("resources: {limits: {memory: 160Mi}}"));
      assertLost(trials.outcome("t"), "Infrastructure", "pod.resources.limits.memory");
    }
  }

  @Test
  void itsImageIsMissing() throws Exception {
    Trials trials = trials("image-missing");
    try (var _ = operator("image-missing")) {
      trials.create(
          "t",
          SHORT
              + """
              deadlines: {pendingSeconds: 15}
              retries: {infrastructure: 1}
              pod: {image: docker.io/local/absent:1, nodeSelector: {kubernetes.io/hostname: node-1}}
              """);
      assertLost(trials.outcome("t"), "Infrastructure", "docker.io/local/absent:1");
    }
    // Nothing of it waits on.
    await()
        .atMost(Trials.LIMIT)
        .until(() -> client.pods().inNamespace("image-missing").list().getItems().isEmpty());
  }

  @Test
  void itRunsTooLong() throws Exception {
    Trials trials = trials("too-long");
    try (var _ = operator("too-long")) {
      trials.create("t", LONG + "deadlines: {runSeconds: 10}\nretries: {trainer: 1}\n" + ON_NODE);
      assertLost(trials.outcome("t"), "Trainer", "longer than deadlines.runSeconds, 10 s");
    }
  }

  @Test
  void thePodIsRemovedBeforeItsMessageWasRead() throws Exception {
    Trials trials = trials("unread");
    try (var _ = operator("unread")) {
      trials.create("t", SHORT + "deadlines: {resultGraceSeconds: 3}\n" + ON_NODE);
      trials.running("t", 1, Trials.LIMIT);
    }
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace("unread")
        .withName("t-a1")
        .waitUntilCondition(
            job -> job.getStatus() != null && job.getStatus().getCompletionTime() != null,
            Trials.LIMIT.toMillis(),
            TimeUnit.MILLISECONDS);
    trials.pods("t", 1).forEach(pod -> client.pods().resource(pod).delete());
    await().atMost(Trials.LIMIT).until(() -> trials.pods("t", 1).isEmpty());
    try (var _ = operator("unread")) {
      assertScoredAfter(trials.outcome("t"), "Unreported");
    }
  }

  @Test
  void aJobOfItsNameIsSomebodyElses() throws Exception {
    Trials trials = trials("foreign-job");
    Job foreign =
        client
            .batch()
            .v1()
            .jobs()
            .load(NodeFaultsTest.class.getResourceAsStream("/foreign-job.yaml"))
            .item();
    client.resource(foreign).inNamespace("foreign-job").create();
    try (var _ = operator("foreign-job")) {
      trials.create("t", SHORT + ON_NODE);
      await()
          .atMost(Trials.LIMIT)
          .until(
              () -> cluster.kubectl("get", "events", "-n", "foreign-job"),
              events -> events.contains("NameConflict"));
      Job seen = client.resource(foreign).inNamespace("foreign-job").get();
      assertEquals(1, seen.getMetadata().getGeneration(), "it was changed");
      assertNull(seen.getMetadata().getDeletionTimestamp(), "it was deleted");
      client.resource(foreign).inNamespace("foreign-job").delete();
      DetectorTrainingStatus status = trials.outcome("t");
      assertEquals(Outcome.SCORED, status.outcome(), status::toString);
      assertEquals(List.of("Result"), Trials.ends(status));
    }
  }

  @Test
  void aSearchIsDeletedAndMadeAgainUnderItsName() throws Exception {
    Trials trials = trials("again");
    assertNotNull(trials);
    try (var _ = operator("again")) {
      LossSearch first = SmallestSearch.create(client, "again", "smallest");
      await()
          .atMost(Trials.LIMIT)
          .until(() -> jobs("again").values().stream().anyMatch(uid -> uid.equals(uid(first))));
      cluster.kubectl("delete", "-n", "again", "--wait=false", "losssearch", "smallest");
      await().atMost(Trials.LIMIT).until(() -> client.resource(first).get() == null);
      LossSearch second = SmallestSearch.create(client, "again", "smallest");
      LossSearch end = SmallestSearch.awaitComplete(client, "again", "smallest");
      assertEquals(SmallestSearch.TRIALS, end.getStatus().trials().scored());
      List<DetectorTraining> all =
          client.resources(DetectorTraining.class).inNamespace("again").list().getItems();
      assertEquals(SmallestSearch.TRIALS, all.size());
      for (DetectorTraining one : all) {
        assertEquals(uid(second), one.getMetadata().getLabels().get(Labels.SEARCH_UID));
        assertEquals(List.of("Result"), Trials.ends(one.getStatus()), one::toString);
      }
      await()
          .atMost(Trials.LIMIT)
          .until(() -> jobs("again").values().stream().allMatch(uid(second)::equals));
    }
  }

  @Test
  void aTrainingOfItsNameIsSomebodyElses() throws Exception {
    Trials trials = trials("foreign-training");
    try (var _ = operator("foreign-training")) {
      LossSearch search =
          SmallestSearch.create(client, "foreign-training", "smallest", "suspend: true");
      String name = "smallest-" + uid(search).substring(0, 6) + "-g0-c0-p0";
      trials.create(name, SHORT + ON_NODE);
      cluster.kubectl(
          "patch",
          "-n",
          "foreign-training",
          "losssearch",
          "smallest",
          "--type=merge",
          "--patch={\"spec\":{\"suspend\":false}}");
      await()
          .atMost(Trials.LIMIT)
          .until(
              () -> client.resource(search).get().getStatus(),
              status -> status != null && status.conditions().toString().contains("NameConflict"));
      DetectorTraining foreign = trials.get(name);
      assertTrue(foreign.getMetadata().getOwnerReferences().isEmpty(), foreign::toString);
      assertEquals(TrainingState.FINISHED, trials.outcome(name).state());
      client.resource(foreign).delete();
      LossSearch end = SmallestSearch.awaitComplete(client, "foreign-training", "smallest");
      assertEquals(SearchPhase.COMPLETE, end.getStatus().state());
      assertEquals(SmallestSearch.TRIALS, end.getStatus().trials().scored());
    }
  }

  private static String uid(LossSearch search) {
    return search.getMetadata().getUid();
  }

  /** The searches' UIDs of the Jobs that are there, by name. */
  private static Map<String, String> jobs(String namespace) {
    return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
        .collect(
            Collectors.toMap(
                job -> job.getMetadata().getName(),
                job -> job.getMetadata().getLabels().get(Labels.SEARCH_UID)));
  }
}
