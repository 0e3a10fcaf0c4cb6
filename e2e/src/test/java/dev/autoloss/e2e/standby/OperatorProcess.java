package dev.autoloss.e2e.standby;

import dev.autoloss.local.server.ApiEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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

/** An operator as a container runs it. */
final class OperatorProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final int port;
  private final Path log;

  private OperatorProcess(String name, Process process, int port, Path log) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param server where it finds the API server
   * @param name its host's name, with which its identity begins
   * @param namespace namespace that it watches and whose lease it wants
   */
  static OperatorProcess start(
      ApiEndpoint server, Path directory, String name, String namespace, String... options)
      throws IOException {
    Path kubeconfig = directory.resolve(name + ".kubeconfig");
    Files.writeString(kubeconfig, kubeconfig(server));
    int port = freePort();
    Path log = directory.resolve(name + ".log");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.autoloss.operator.OperatorMain",
                "--trainer-image=trainer:test",
                "--namespaces=" + namespace,
                "--lease-namespace=" + namespace,
                "--http-port=" + port));
    command.addAll(List.of(options));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOSTNAME", name);
    return new OperatorProcess(name, builder.start(), port, log);
  }

  private static String kubeconfig(ApiEndpoint endpoint) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
    users: [{name: test, user: {token: "%s"}}]
    contexts: [{name: test, context: {cluster: test, user: test, namespace: default}}]
    current-context: test
    """
        .formatted(endpoint.address(), endpoint.token());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String name() {
    return name;
  }

  /** Sends a signal, as {@code KILL}. */
  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for its end and returns its exit status. */
  int awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " has not ended within " + limit + "\n" + log());
    }
    return process.exitValue();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Status and text of one of its pages; status 0 if it does not answer. */
  String page(String path) {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(5))
              .build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException notYet) {
      return "0";
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return "0";
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
