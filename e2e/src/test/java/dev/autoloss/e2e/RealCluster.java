package dev.autoloss.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autoloss.local.server.ApiEndpoint;
import dev.autoloss.local.server.RealApiServer;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * A real control plane with a scheduler, kubectl, and kwok's fake GPU nodes on request. All of its
 * processes end with this object, and with this JVM.
 */
public final class RealCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> STAGES =
      List.of(
          "node/fast/node-initialize",
          "node/heartbeat-with-lease/node-heartbeat-with-lease",
          "pod/fast/pod-ready",
          "pod/fast/pod-delete");

  private final RealApiServer api;
  private final Path binaries;

  private RealCluster(RealApiServer api, Path binaries) {
    this.api = api;
    this.binaries = binaries;
  }

  /** Starts a control plane; skips the test, with the reason, without its binaries. */
  public static RealCluster startOrSkip() throws Exception {
    Optional<Path> found = RealApiServer.binaries();
    assumeTrue(found.isPresent(), RealApiServer::missing);
    Path binaries = found.get();
    for (String name : List.of("kube-scheduler", "kubectl", "kwok")) {
      assumeTrue(
          Files.isExecutable(binaries.resolve(name)),
          () -> "no real cluster here: " + binaries.resolve(name) + " is missing");
    }
    RealApiServer api = RealApiServer.start(binaries);
    api.run(
        "kube-scheduler",
        "--kubeconfig=" + api.kubeconfig(),
        "--leader-elect=false",
        "--secure-port=0");
    return new RealCluster(api, binaries);
  }

  /** Where its API server is. */
  public ApiEndpoint endpoint() {
    return api.endpoint();
  }

  /** The administrator's configuration of kubectl and of other programs. */
  public Path kubeconfig() {
    return api.kubeconfig();
  }

  /** A client with the administrator's rights. */
  public KubernetesClient client() {
    return api.endpoint().client();
  }

  /** Ends the API server's process; everything else goes on, and finds nobody. */
  public void stopApiServer() throws IOException, InterruptedException {
    api.stopApiServer();
  }

  /** Starts the API server again, with what etcd has kept, and waits until it is ready. */
  public void startApiServer() throws Exception {
    api.startApiServer();
  }

  /** Adds fake nodes with 8 GPUs each, on which pods end as a test annotates them. */
  public void startFakeNodes(int count) throws IOException {
    startFakeNodes(count, Files.readString(Path.of("src/test/resources/pod-ends.yaml")));
  }

  /** Adds fake nodes with 8 GPUs each, on which pods end as a stage of kwok's says. */
  public void startFakeNodes(int count, String podEnds) throws IOException {
    var config = new StringBuilder(podEnds);
    for (String stage : STAGES) {
      Path file = binaries.resolveSibling("kwok").resolve("stage").resolve(stage + ".yaml");
      config.append("\n---\n").append(Files.readString(file));
    }
    Path file = api.directory().resolve("kwok.yaml");
    Files.writeString(file, config);
    try (KubernetesClient client = client()) {
      for (int i = 0; i < count; i++) {
        client.resource(node(i)).create();
      }
      api.run(
          "kwok",
          "--kubeconfig=" + api.kubeconfig(),
          "--config=" + file,
          "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
          "--node-lease-duration-seconds=40");
      Awaitility.await("fake nodes")
          .atMost(PATIENCE)
          .until(
              () ->
                  client.nodes().list().getItems().stream().filter(RealCluster::ready).count()
                      == count);
    }
  }

  private static boolean ready(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  private static String node(int index) {
    return """
    apiVersion: v1
    kind: Node
    metadata:
      name: fake-%1$d
      labels: {type: kwok, kubernetes.io/hostname: fake-%1$d, kubernetes.io/os: linux, kubernetes.io/arch: amd64}
      annotations: {kwok.x-k8s.io/node: fake}
    status:
      capacity: {cpu: "64", memory: 512Gi, ephemeral-storage: 1Ti, pods: "250", nvidia.com/gpu: "8"}
      allocatable: {cpu: "64", memory: 512Gi, ephemeral-storage: 1Ti, pods: "250", nvidia.com/gpu: "8"}
    """
        .formatted(index);
  }

  /** Runs kubectl as a user would. */
  public String kubectl(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(binaries.resolve("kubectl").toString());
    command.add("--kubeconfig=" + api.kubeconfig());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + "\n" + output);
    }
    return output;
  }

  /** Applies the CRDs as a user would, and waits until they are served. */
  public void applyCrds() throws IOException, InterruptedException {
    kubectl("apply", "-f", "../crds");
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    // Established is said a moment before the storage answers.
    Awaitility.await("custom resources")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> kubectl("get", "losssearches,detectortrainings").contains("No resources"));
  }

  /** Copies the logs of its programs, which else go with it. */
  public void copyLogs(Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(api.directory(), "*.log")) {
      for (Path log : files) {
        Files.copy(log, to.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Override
  public void close() {
    api.close();
  }
}
