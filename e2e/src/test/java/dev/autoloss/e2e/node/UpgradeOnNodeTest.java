package dev.autoloss.e2e.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.e2e.WholeSuite;
import dev.autoloss.operator.resource.Labels;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A release is upgraded under two searches, by the commands of {@code docs/upgrade.md}. */
class UpgradeOnNodeTest {
  private static final Path DOCUMENT = Path.of("../docs/upgrade.md");
  private static final String OF_NAME = "kubectl -n NAMESPACE patch losssearch NAME --type=merge";

  /** Enough that a search is in the middle of it when it is drained. */
  private static final int TRAINED = 6;

  private static final int TRIALS = 1 + 2 * TRAINED;

  @TempDir Path folder;

  @Test
  void searchesGoOnUnderTheTrainerThatTheyBeganWith() throws Exception {
    WholeSuite.orSkip();
    try (var cluster = NodeCluster.withNodeOrSkip("upgrade");
        KubernetesClient client = cluster.client()) {
      cluster.install();
      cluster.load(next("operator", "operator"));
      cluster.load(next("trainer-image", "trainer"));
      LossSearch kept = SmallestSearch.create(client, "default", "kept", TRAINED, "");
      LossSearch left = SmallestSearch.create(client, "default", "left", TRAINED, "");
      awaitResult(client, kept);
      awaitResult(client, left);
      upgrade(cluster);
      for (String name : new String[] {"kept", "left"}) {
        documented(cluster, name, OF_NAME + " -p '{\"spec\":{\"suspend\":false}}'");
      }
      LossSearch end = SmallestSearch.awaitComplete(client, "default", "kept");
      assertEquals(TRIALS, end.getStatus().trials().scored());
      assertEquals(1, images(client, kept).size(), "one trainer for all");
      LossSearch mixed = SmallestSearch.awaitEnd(client, "default", "left");
      assertEquals(SearchPhase.FAILED, mixed.getStatus().state());
      assertTrue(
          mixed.getStatus().conditions().toString().contains("reason=ImageChanged"),
          () -> mixed.getStatus().toString());
      cluster.shell("helm -n autoloss rollback autoloss 1 --wait --timeout=180s");
      SmallestSearch.create(client, "default", "after");
      SmallestSearch.awaitComplete(client, "default", "after");
    }
  }

  /** The image of a module in its next version. */
  private Path next(String module, String name) throws IOException, InterruptedException {
    return ImageVariant.of(
        Path.of("..", module, "target", "jib-image.tar"), "local/" + name + ":next", folder);
  }

  private static void awaitResult(KubernetesClient client, LossSearch search) {
    await()
        .atMost(Trials.LIMIT)
        .until(
            () -> client.resource(search).get().getStatus(),
            status -> status != null && status.trials() != null && status.trials().scored() > 0);
  }

  /** As the document says; of the two searches only one is told to keep its trainer. */
  private static void upgrade(NodeCluster cluster) throws Exception {
    String image =
        documented(
            cluster,
            "",
            "kubectl -n autoloss get deployment autoloss -o jsonpath='{.spec.template.spec"
                + ".containers[0].env[?(@.name==\"AUTOLOSS_TRAINER_IMAGE\")].value}'");
    assertEquals(NodeCluster.image("autoloss-trainer"), image);
    documented(
        cluster,
        "kept",
        OF_NAME + " -p '{\"spec\":{\"trials\":{\"pod\":{\"image\":\"IMAGE\"}}}}'",
        image);
    for (String name : new String[] {"kept", "left"}) {
      documented(
          cluster,
          name,
          OF_NAME + " -p '{\"spec\":{\"suspend\":true,\"suspendPolicy\":\"Drain\"}}'");
      await()
          .atMost(Trials.LIMIT)
          .until(
              () ->
                  documented(
                      cluster,
                      name,
                      "kubectl -n NAMESPACE get losssearch NAME -o"
                          + " jsonpath='{.status.trials.running}'"),
              running -> Set.of("", "0").contains(running));
    }
    documented(
        cluster,
        "",
        "helm -n autoloss upgrade autoloss helm/autoloss --reset-then-reuse-values"
            + " --set image=… --set trainer.image=…",
        "docker.io/local/operator:next",
        "docker.io/local/trainer:next");
    documented(cluster, "", "kubectl -n autoloss rollout status deployment/autoloss");
  }

  private static Set<String> images(KubernetesClient client, LossSearch search) {
    return client
        .resources(DetectorTraining.class)
        .inNamespace("default")
        .withLabels(Map.of(Labels.SEARCH_UID, search.getMetadata().getUid()))
        .list()
        .getItems()
        .stream()
        .map(training -> training.getStatus().image())
        .collect(Collectors.toSet());
  }

  /** Runs a command that stands in the document, with names in the place of its words. */
  private static String documented(
      NodeCluster cluster, String search, String command, String... images)
      throws IOException, InterruptedException {
    assertTrue(Files.readString(DOCUMENT).contains(command), "not in the document: " + command);
    String written = command.replace("NAMESPACE", "default").replace("NAME", search);
    for (String image : images) {
      written = written.replaceFirst("IMAGE|…", image);
    }
    return cluster.shell(written).strip();
  }
}
