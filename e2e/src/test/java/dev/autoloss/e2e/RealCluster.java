package dev.autoloss.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A real control plane on this machine: etcd, API server, controller manager and scheduler as child
 * processes on free loopback ports, and kwok's fake GPU nodes on request.
 *
 * <p>The children end with this object, and with this JVM: each is guarded by a shell that ends it
 * when the pipe from here closes.
 */
final class RealCluster implements AutoCloseable {
  private static final String TOKEN = UUID.randomUUID().toString();

  private final ClusterBinaries binaries;
  private final Path directory;
  private final List<Process> children = new ArrayList<>();
  private final int apiPort;
  private final int etcdPort;

  private RealCluster(ClusterBinaries binaries, Path directory) throws IOException {
    this.binaries = binaries;
    this.directory = directory;
    try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.apiPort = first.getLocalPort();
      this.etcdPort = second.getLocalPort();
    }
  }

  /** Starts a control plane with its state and logs under a directory; skips without binaries. */
  static RealCluster startOrSkip(Path directory) throws Exception {
    var cluster =
        new RealCluster(
            ClusterBinaries.orSkip(
                List.of(
                    "etcd",
                    "kube-apiserver",
                    "kube-controller-manager",
                    "kube-scheduler",
                    "kubectl",
                    "kwok")),
            directory);
    try {
      cluster.start();
      return cluster;
    } catch (Exception failed) {
      cluster.close();
      throw failed;
    }
  }

  private void start() throws Exception {
    Path keys = writeServiceAccountKeys();
    Path tokens = directory.resolve("tokens.csv");
    Files.writeString(tokens, TOKEN + ",admin,admin,\"system:masters\"\n");
    Files.writeString(kubeconfig(), kubeconfigText());
    String etcd = "http://127.0.0.1:" + etcdPort;
    child(
        "etcd",
        List.of(
            "--data-dir",
            directory.resolve("etcd").toString(),
            "--unsafe-no-fsync",
            "--log-level=warn",
            "--listen-client-urls=" + etcd,
            "--advertise-client-urls=" + etcd,
            "--listen-peer-urls=http://127.0.0.1:0",
            "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            "--initial-cluster=default=http://127.0.0.1:2380"));
    child(
        "kube-apiserver",
        List.of(
            "--etcd-servers=" + etcd,
            "--bind-address=127.0.0.1",
            "--secure-port=" + apiPort,
            "--cert-dir=" + directory.resolve("certificates"),
            "--service-cluster-ip-range=10.96.0.0/16",
            "--token-auth-file=" + tokens,
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + keys.resolve("private.pem"),
            "--service-account-key-file=" + keys.resolve("public.pem")));
    try (KubernetesClient client = client()) {
      await("the API server", () -> "ok".equals(client.raw("/readyz")));
    }
    child(
        "kube-controller-manager",
        List.of(
            "--kubeconfig=" + kubeconfig(),
            "--leader-elect=false",
            "--secure-port=0",
            "--use-service-account-credentials=false",
            "--service-account-private-key-file=" + keys.resolve("private.pem")));
    child(
        "kube-scheduler",
        List.of("--kubeconfig=" + kubeconfig(), "--leader-elect=false", "--secure-port=0"));
    try (KubernetesClient client = client()) {
      await(
          "the default service account",
          () -> client.serviceAccounts().inNamespace("default").withName("default").get() != null);
    }
  }

  /** Adds fake nodes with 8 GPUs each, on which pods end as the test's annotations say. */
  void startFakeNodes(int count, Path ending) throws Exception {
    var config = new StringBuilder(Files.readString(ending));
    for (String stage :
        List.of(
            "node/fast/node-initialize",
            "node/heartbeat-with-lease/node-heartbeat-with-lease",
            "pod/fast/pod-ready",
            "pod/fast/pod-delete")) {
      config
          .append("\n---\n")
          .append(Files.readString(binaries.kwokStages().resolve(stage + ".yaml")));
    }
    Path file = directory.resolve("kwok.yaml");
    Files.writeString(file, config);
    try (KubernetesClient client = client()) {
      for (int i = 0; i < count; i++) {
        client.resource(node(i)).create();
      }
      child(
          "kwok",
          List.of(
              "--kubeconfig",
              kubeconfig().toString(),
              "--config",
              file.toString(),
              "--manage-nodes-with-annotation-selector",
              "kwok.x-k8s.io/node=fake",
              "--node-lease-duration-seconds",
              "40"));
      await(
          count + " fake nodes",
          () ->
              client.nodes().list().getItems().stream()
                      .filter(
                          node ->
                              node.getStatus().getConditions().stream()
                                  .anyMatch(
                                      condition ->
                                          "Ready".equals(condition.getType())
                                              && "True".equals(condition.getStatus())))
                      .count()
                  == count);
    }
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

  /** A client with the administrator's rights. */
  KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  private Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://127.0.0.1:" + apiPort)
        .withOauthToken(TOKEN)
        .withTrustCerts(true)
        .withNamespace("default")
        .build();
  }

  /** Runs kubectl as a user would. */
  String kubectl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(binaries.path("kubectl")));
    command.add("--kubeconfig=" + kubeconfig());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + "\n" + output);
    }
    return output;
  }

  /** Applies the CRDs as a user would, and waits until they are served. */
  void applyCrds() throws Exception {
    kubectl("apply", "-f", Path.of("..", "crds").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
  }

  private Path kubeconfig() {
    return directory.resolve("kubeconfig");
  }

  private String kubeconfigText() {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
        users: [{name: u, user: {token: %s}}]
        contexts: [{name: x, context: {cluster: c, user: u, namespace: default}}]
        current-context: x
        """
        .formatted(apiPort, TOKEN);
  }

  private Path writeServiceAccountKeys() throws IOException, GeneralSecurityException {
    Path keys = Files.createDirectories(directory.resolve("keys"));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    Files.writeString(
        keys.resolve("private.pem"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    Files.writeString(keys.resolve("public.pem"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    return keys;
  }

  private static String pem(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, body);
  }

  /** A child that ends when the pipe from this JVM closes, however this JVM ends. */
  private void child(String name, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "\"$@\" </dev/null & child=$!; cat >/dev/null; kill $child; wait $child",
                "sh",
                binaries.path(name)));
    command.addAll(arguments);
    children.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private void await(String what, Check check) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    Exception last = null;
    while (System.nanoTime() < deadline) {
      try {
        if (check.holds()) {
          return;
        }
      } catch (Exception notYet) {
        last = notYet;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(what + " is not ready, see " + directory + "/*.log", last);
  }

  @Override
  public void close() {
    for (Process child : children.reversed()) {
      try {
        child.getOutputStream().close();
        if (!child.waitFor(10, TimeUnit.SECONDS)) {
          child.descendants().forEach(ProcessHandle::destroyForcibly);
        }
      } catch (IOException closed) {
        throw new UncheckedIOException(closed);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
