package dev.autoloss.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.autoloss.local.server.ApiEndpoint;
import dev.autoloss.local.server.ApiServer;
import dev.autoloss.operator.PodsByStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The faults on the API server of the one-machine mode: the fast part, for every build. */
final class FaultsTest extends FaultSuite {
  @TempDir private static Path directory;
  private ApiServer server;

  @Override
  Ground start() throws IOException {
    var yaml = new ObjectMapper(new YAMLFactory());
    var crds = new ArrayList<JsonNode>();
    try (Stream<Path> files = Files.list(Path.of("../crds"))) {
      for (Path file : files.sorted().toList()) {
        crds.add(yaml.readTree(file.toFile()));
      }
    }
    server = ApiServer.open(directory, crds, (namespace, pod, lines) -> Optional.empty());
    return new Ground(
        new ApiEndpoint(server.address().toString(), server.token()),
        client -> new PodsByStatus(client, false),
        Duration.ofMillis(700));
  }

  @Override
  void stayAway() throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(20));
  }

  @Override
  int stride() {
    return 3;
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
