package dev.autoloss.e2e.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autoloss.local.server.RealApiServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A cluster of the scripts in {@code e2e/cluster}: a control plane and, on request, a real node,
 * fake nodes and Kueue. It is taken down by {@link #close}, at this JVM's end and, if that was a
 * sudden one, by the next cluster of the same name.
 */
public final class NodeCluster implements AutoCloseable {
  private static final Path SCRIPTS = Path.of("cluster").toAbsolutePath();
  private static final List<Path> IMAGES =
      List.of(
          Path.of("../operator/target/jib-image.tar"),
          Path.of("../trainer-image/target/jib-image.tar"));

  private final Path binaries;
  private final Path directory;
  private final Thread hook = new Thread(this::takeDown);

  private NodeCluster(Path binaries, Path directory) {
    this.binaries = binaries;
    this.directory = directory;
  }

  /** Skips the test, with the reason, where no real node can run or no image was built. */
  public static NodeCluster withNodeOrSkip(String name) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "a real node needs root");
    for (String program : List.of("containerd", "runc", "ip", "nsenter", "unshare")) {
      assumeTrue(
          onPath(program),
          () ->
              "no "
                  + program
                  + " for a real node: apt-get install --no-install-recommends containerd runc"
                  + " containernetworking-plugins iproute2");
    }
    for (Path image : IMAGES) {
      assumeTrue(
          Files.exists(image),
          () -> "no " + image.normalize() + ": build with -Dimages=tar -Dimages.registry=local");
    }
    NodeCluster cluster = startOrSkip(name, "kubelet", "nodekit");
    cluster.script("node", "8");
    for (Path image : IMAGES) {
      cluster.load(image);
    }
    return cluster;
  }

  /** Gives the node an image. */
  void load(Path archive) throws IOException, InterruptedException {
    run(SCRIPTS.resolve("node").toString(), "image", directory.toString(), archive.toString());
  }

  /** Installs the chart with the images of the build, as a user would. */
  void install() throws IOException, InterruptedException {
    helm(
        "install",
        "autoloss",
        "../helm/autoloss",
        "--namespace=autoloss",
        "--create-namespace",
        "--set=image=" + image("autoloss-operator"),
        "--set=imagePullPolicy=Never",
        "--set=trainer.image=" + image("autoloss-trainer"),
        "--wait",
        "--timeout=180s");
  }

  /** Starts a control plane; skips the test, with the reason, without these programs. */
  public static NodeCluster startOrSkip(String name, String... programs) throws Exception {
    Optional<Path> found = RealApiServer.binaries();
    assumeTrue(found.isPresent(), RealApiServer::missing);
    Path binaries = found.get();
    for (String program :
        Stream.concat(Stream.of("kube-scheduler", "kubectl"), Stream.of(programs)).toList()) {
      assumeTrue(
          Files.isExecutable(binaries.resolve(program)),
          () -> "no " + binaries.resolve(program) + ": e2e/cluster/build " + program);
    }
    var cluster = new NodeCluster(binaries, Path.of("target/cluster", name).toAbsolutePath());
    cluster.takeDown();
    Runtime.getRuntime().addShutdownHook(cluster.hook);
    try {
      cluster.script("control-plane");
      return cluster;
    } catch (IOException | InterruptedException failure) {
      cluster.close();
      throw failure;
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * Name of an image that is on the node, as the build with {@code images.registry=local} gives.
   */
  public static String image(String name) {
    return "docker.io/local/" + name + ":0.1.0-SNAPSHOT";
  }

  /** Brings a part of the cluster up, as {@code e2e/cluster/NAME up DIR} does. */
  public void script(String name, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(SCRIPTS.resolve(name).toString(), "up"));
    command.add(directory.toString());
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** Takes a part of the cluster down, as {@code e2e/cluster/NAME down DIR} does. */
  public void remove(String name) throws IOException, InterruptedException {
    run(SCRIPTS.resolve(name).toString(), "down", directory.toString());
  }

  /** Ends a program of the cluster at once, as if its machine had stopped. */
  public void kill(String name) throws IOException {
    String words = Files.readString(directory.resolve("pid").resolve(name));
    ProcessHandle process = ProcessHandle.of(Long.parseLong(words.split(" ", 2)[0])).orElseThrow();
    process.destroyForcibly();
    await(name + " ends").atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
  }

  /** A client with the administrator's rights, which the caller closes. */
  public KubernetesClient client() throws IOException {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  /** What a client with the administrator's rights needs. */
  public Config config() throws IOException {
    return Config.fromKubeconfig(Files.readString(directory.resolve("kubeconfig")));
  }

  /** Runs kubectl as a user would. */
  public String kubectl(String... arguments) throws IOException, InterruptedException {
    return program("kubectl", arguments);
  }

  /** Runs helm as a user would. */
  public String helm(String... arguments) throws IOException, InterruptedException {
    return program("helm", arguments);
  }

  private String program(String name, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(binaries.resolve(name).toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Runs a line of a document in the project's folder, as a user would. */
  String shell(String line) throws IOException, InterruptedException {
    return run("bash", "-c", "cd .. && PATH=\"" + binaries + ":$PATH\" && " + line);
  }

  /** Applies the CRDs as a user would, and waits until they are served. */
  public void applyCrds() throws IOException, InterruptedException {
    kubectl("apply", "-f", "../crds");
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    // Established is said a moment before the storage answers.
    await("custom resources")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> kubectl("get", "losssearches,detectortrainings").contains("No resources"));
  }

  private String run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
    Path output = Files.createTempFile("autoloss-command", ".txt");
    try {
      // Into a file, since what a script leaves running keeps a pipe open.
      int code = builder.redirectOutput(output.toFile()).start().waitFor();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      if (code != 0) {
        throw new IOException(String.join(" ", command) + "\n" + said);
      }
      return said;
    } finally {
      Files.delete(output);
    }
  }

  private void takeDown() {
    for (String name : List.of("kueue", "kwok", "node", "control-plane")) {
      try {
        if (Files.exists(directory.resolve("kubeconfig"))) {
          remove(name);
        }
      } catch (IOException failure) {
        System.err.println("taking " + name + " down: " + failure.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    takeDown();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
