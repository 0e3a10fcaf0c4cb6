package dev.autoloss.e2e.chart;

import static org.awaitility.Awaitility.await;

import dev.autoloss.operator.OperatorMain;
import java.io.IOException;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator's own program as a process, set up by environment variables as in its pod. */
final class OperatorProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SECONDS_TO_STOP = 30;

  private final Process process;
  private final Path log;
  private final int port;

  private OperatorProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  static OperatorProcess start(Path folder, String kubeconfig, Map<String, String> environment)
      throws IOException {
    int port = freePort();
    Path config = Files.writeString(Files.createTempFile(folder, "kubeconfig", ""), kubeconfig);
    Path log = Files.createTempFile(folder, "operator", ".log");
    ProcessBuilder builder = java();
    builder.environment().putAll(environment);
    builder.environment().put("AUTOLOSS_HTTP_PORT", Integer.toString(port));
    builder.environment().put("KUBECONFIG", config.toString());
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var started = new OperatorProcess(process, log, port);
    try {
      await("operator")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> !process.isAlive() || started.get("/readyz").statusCode() == 200);
      if (!process.isAlive()) {
        throw new IOException("the operator ended: " + started.log());
      }
      return started;
    } catch (IOException | RuntimeException failure) {
      started.close();
      throw failure;
    }
  }

  private static ProcessBuilder java(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                OperatorMain.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Exit code of {@code check} for this operator, as {@code helm test} runs it. */
  int check() throws IOException, InterruptedException {
    return java("check", "http://127.0.0.1:" + port).inheritIO().start().waitFor();
  }

  int port() {
    return port;
  }

  String metrics() throws IOException, InterruptedException {
    return get("/metrics").body();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
