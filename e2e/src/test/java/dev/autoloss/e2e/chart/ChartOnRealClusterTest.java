package dev.autoloss.e2e.chart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.autoloss.e2e.PodsByAnnotation;
import dev.autoloss.e2e.RealCluster;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Helm and the chart on a real control plane; pods run on fake nodes, the operator as a process.
 */
class ChartOnRealClusterTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Pattern ANSWER =
      Pattern.compile(
          "autoloss_api_requests_total\\{code=\"(.*?)\",resource=\"(.*?)\",verb=\"(.*?)\"}.*");

  /** Rights that a quiet search on fake nodes does not need, and when they are needed. */
  private static final Map<String, String> NOT_SEEN =
      Map.of(
          "update losssearches/finalizers", "an admission plugin asks for it, where there is one",
          "update detectortrainings/finalizers", "as above",
          "get losssearches", "is the search of a training that is deleted still there",
          "delete detectortrainings", "past generations, by trials.retain",
          "delete jobs", "suspension with Stop, lost attempts, trials.retain",
          "get jobs", "after a crash between a creation and its answer",
          "get controllerrevisions", "as above",
          "list events", "why a Job has no pod",
          "get localqueues", "why a queue has not admitted a Job for long");

  private static RealCluster cluster;
  private static KubernetesClient client;
  private static Program helm;
  @TempDir static Path folder;

  @BeforeAll
  static void start() throws Exception {
    helm = Program.orSkip("helm", "helm");
    cluster = RealCluster.startOrSkip();
    client = cluster.client();
    cluster.startFakeNodes(2);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      client.close();
      cluster.close();
    }
  }

  private static String helm(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(arguments));
    command.add("--kubeconfig=" + cluster.kubeconfig());
    return helm.run(command.toArray(String[]::new));
  }

  private static void install(String namespace, Path chart, String... more) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                "upgrade",
                "--install",
                "autoloss",
                chart.toString(),
                "--namespace=" + namespace,
                "--set=image=registry.example/operator:1,trainer.image=registry.example/trainer:1",
                "--wait",
                "--timeout=3m"));
    command.addAll(List.of(more));
    helm(command.toArray(String[]::new));
  }

  /** A namespace that admits only what the restricted Pod Security Standard allows. */
  private static void restricted(String name) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
  }

  /** What the chart says to its pod, and the rights that it gives it. */
  private static OperatorProcess operator(String namespace) throws Exception {
    Map<String, String> environment =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName("autoloss")
            .get()
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getEnv()
            .stream()
            .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    return OperatorProcess.start(folder, kubeconfig(namespace), environment);
  }

  private static String token(String namespace) throws IOException, InterruptedException {
    return cluster.kubectl("create", "token", "autoloss", "--namespace=" + namespace).strip();
  }

  private static String kubeconfig(String namespace) throws IOException, InterruptedException {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
        .formatted(cluster.endpoint().address(), token(namespace));
  }

  @Test
  void aSearchRunsWithTheChartsRightsAlone() throws Exception {
    restricted("clusterwide");
    install("clusterwide", Program.CHART, "--set=replicas=2,progressSeconds=1", "--take-ownership");
    assertEquals(2, pods("clusterwide", "operator").size(), "admitted and running");
    assertTrue(
        cluster.kubectl("get", "pdb", "-n", "clusterwide").contains("autoloss"), "for 2 replicas");
    helmTest("clusterwide");
    try (var operator = operator("clusterwide")) {
      assertEquals(0, operator.check());
      new SearchScenario(client, "default", new PodsByAnnotation(client))
          .runDisturbed("rights", LIMIT);
      cluster.kubectl("delete", "losssearch", "rights");
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  cluster
                      .kubectl("get", "dtrain,jobs,controllerrevisions")
                      .contains("No resources"));
      Set<String> used = used(operator.metrics());
      String log = operator.log();
      assertFalse(log.contains("orbidden"), log);
      Set<String> granted = granted();
      Set<String> unused = new TreeSet<>(granted);
      unused.removeAll(used);
      unused.removeAll(NOT_SEEN.keySet());
      assertEquals(Set.of(), unused, () -> "granted and never used; used: " + used);
      used.remove("create selfsubjectrulesreviews"); // Everybody may ask what he may do.
      used.remove("get other"); // The server's version.
      assertTrue(granted.containsAll(used), () -> "not the chart's: " + used);
      assertTrue(granted.containsAll(NOT_SEEN.keySet()), granted::toString);
    }
  }

  private static void helmTest(String namespace) throws Exception {
    CompletableFuture<String> test =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return helm("test", "autoloss", "--namespace=" + namespace, "--timeout=2m");
              } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
              }
            });
    // The fake node runs nothing: the test's program is run below, against a real operator.
    await().atMost(LIMIT).until(() -> test.isDone() || !pods(namespace, "test").isEmpty());
    pods(namespace, "test").forEach(pod -> new PodsByAnnotation(client).end(pod, "ready"));
    try {
      assertTrue(test.get().contains("Succeeded"), test.get());
    } catch (ExecutionException failure) {
      throw new IOException(failure);
    }
  }

  private static List<Pod> pods(String namespace, String component) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }

  private static Set<String> used(String metrics) {
    var used = new TreeSet<String>();
    for (String line : metrics.lines().toList()) {
      var answer = ANSWER.matcher(line);
      if (answer.matches()) {
        assertFalse(Set.of("401", "403", "422").contains(answer.group(1)), line);
        used.add(answer.group(3) + " " + answer.group(2));
      }
    }
    return used;
  }

  private static Set<String> granted() throws Exception {
    List<JsonNode> documents =
        Yaml.documents(
            helm.run(
                "template",
                "autoloss",
                Program.CHART.toString(),
                "--namespace=n",
                "--set=image=o,trainer.image=t",
                "--show-only=templates/rbac.yaml"));
    var granted = new TreeSet<String>();
    for (JsonNode role :
        List.of(
            Yaml.only(documents, "ClusterRole", "n-autoloss"),
            Yaml.only(documents, "Role", "autoloss-election"))) {
      for (JsonNode rule : role.path("rules")) {
        for (JsonNode resource : rule.path("resources")) {
          rule.path("verbs").forEach(verb -> granted.add(verb.asText() + " " + resource.asText()));
        }
      }
    }
    return granted;
  }

  @Test
  void withNamespacesTheOperatorHasRightsInTheseOnly() throws Exception {
    cluster.applyCrds();
    restricted("system");
    cluster.kubectl("create", "namespace", "team");
    install(
        "system",
        Program.CHART,
        "--set=watchNamespaces={team},crds.install=false,rbac.userRoles=false,progressSeconds=1");
    assertTrue(
        cluster
            .kubectl("get", "clusterroles", "-l", "app.kubernetes.io/instance=autoloss", "-o=name")
            .lines()
            .noneMatch(name -> name.contains("/system-autoloss")));
    try (var operator = operator("system")) {
      new SearchScenario(client, "team", new PodsByAnnotation(client)).runDisturbed("teams", LIMIT);
      used(operator.metrics());
    }
    String account = "system:serviceaccount:system:autoloss";
    for (String kind : List.of("secrets", "configmaps")) {
      assertEquals("no", can(kind, "get", "team", account));
    }
    assertEquals("no", can("jobs", "create", "default", account));
    assertEquals("yes", can("jobs", "create", "team", account));
    helm("uninstall", "autoloss", "--namespace=system", "--wait");
  }

  private static String can(
      String resource, String verb, String namespace, String user, String... more)
      throws InterruptedException {
    var command = new ArrayList<>(List.of("auth", "can-i", verb, resource));
    command.addAll(List.of("--namespace=" + namespace, "--as=" + user));
    command.addAll(List.of(more));
    try {
      return cluster.kubectl(command.toArray(String[]::new)).strip();
    } catch (IOException no) {
      return "no";
    }
  }

  @Test
  void definitionsAreUpgradedAndOutliveTheRelease() throws Exception {
    restricted("upgrades");
    // As versions of the chart before 0.2.0 did it.
    cluster.applyCrds();
    install("upgrades", Program.CHART, "--take-ownership");
    cluster.kubectl("apply", "-f", "../examples/load-data.yaml", "-n", "upgrades");
    await("the loader's pod is admitted")
        .atMost(LIMIT)
        .until(
            () ->
                !client
                    .pods()
                    .inNamespace("upgrades")
                    .withLabel("batch.kubernetes.io/job-name", "load-bccd")
                    .list()
                    .getItems()
                    .isEmpty());
    cluster.kubectl("delete", "-f", "../examples/load-data.yaml", "-n", "upgrades");
    client
        .resource(Files.readString(Path.of("..", "examples", "quickstart.yaml")))
        .inNamespace("upgrades")
        .create();
    Path newer = copy(folder.resolve("newer"));
    Path crd = newer.resolve("definitions").resolve("losssearches.autoloss.dev.yaml");
    Files.writeString(
        crd, Files.readString(crd).replaceFirst("name: Generation\n", "name: Newest\n"));
    install("upgrades", newer);
    assertTrue(cluster.kubectl("get", "losssearches", "-n", "upgrades").contains("NEWEST"));
    helm("uninstall", "autoloss", "--namespace=upgrades", "--wait");
    assertTrue(
        cluster.kubectl("get", "losssearches", "-n", "upgrades").contains("quickstart"),
        "the search outlives the release");
    await("nothing else does")
        .atMost(LIMIT)
        .until(() -> cluster.kubectl("get", "all", "-n", "upgrades").contains("No resources"));
    install("upgrades", Program.CHART);
    assertTrue(cluster.kubectl("get", "losssearches", "-n", "upgrades").contains("GENERATION"));
    users("upgrades");
    helm("uninstall", "autoloss", "--namespace=upgrades", "--wait");
  }

  /** Who may edit makes searches, and with them pods; who may view looks. */
  private static void users(String namespace) throws Exception {
    for (String role : List.of("admin", "edit", "view")) {
      cluster.kubectl(
          "create",
          "rolebinding",
          role,
          "--clusterrole=" + role,
          "--user=" + role,
          "--namespace=" + namespace);
    }
    await().atMost(LIMIT).until(() -> "yes".equals(can("losssearches", "get", namespace, "view")));
    await().atMost(LIMIT).until(() -> "yes".equals(can("losssearches", "get", namespace, "admin")));
    var allowed = new HashMap<String, String>();
    for (String role : List.of("admin", "edit", "view")) {
      for (String kind : List.of("losssearches", "detectortrainings")) {
        allowed.put(role + " " + kind, can(kind, "create", namespace, role));
        assertEquals("yes", can(kind, "watch", namespace, role));
        assertEquals("no", can(kind, "patch", namespace, role, "--subresource=status"));
      }
    }
    assertEquals(
        Map.of(
            "admin losssearches", "yes",
            "admin detectortrainings", "yes",
            "edit losssearches", "yes",
            "edit detectortrainings", "yes",
            "view losssearches", "no",
            "view detectortrainings", "no"),
        allowed);
  }

  /** The chart with its definitions as files of its own. */
  private static Path copy(Path to) throws IOException {
    try (var files = Files.walk(Program.CHART, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(Program.CHART.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
