package dev.autoloss.e2e.chart;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autoloss.local.server.RealApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program of the cluster's cache that is run to its end. */
record Program(Path file) {
  static final Path CHART = Path.of("..", "helm", "autoloss");

  /** Skips the test, and says what builds it, where a program is missing. */
  static Program orSkip(String name, String component) {
    Optional<Path> file = RealApiServer.binaries().map(folder -> folder.resolve(name));
    assumeTrue(
        file.isPresent() && Files.isExecutable(file.get()),
        () -> name + " is missing: e2e/cluster/build " + component + " builds it");
    return new Program(file.get());
  }

  /**
   * What a run said.
   *
   * @param code exit code
   * @param output standard output
   * @param error standard error
   */
  record End(int code, String output, String error) {}

  /** Runs it and fails if it fails. */
  String run(String... arguments) throws IOException, InterruptedException {
    End end = end(arguments);
    if (end.code() != 0) {
      throw new IOException(
          file + " " + String.join(" ", arguments) + "\n" + end.output() + end.error());
    }
    return end.output();
  }

  /** Runs it. */
  End end(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(file.toString());
    command.addAll(List.of(arguments));
    Path error = Files.createTempFile("autoloss-program", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(error.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new End(process.waitFor(), output, Files.readString(error));
    } finally {
      Files.deleteIfExists(error);
    }
  }
}
