package dev.autoloss.local.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The conformance tests on the embedded server. */
final class EmbeddedApiTest extends ApiConformance {
  @TempDir static Path directory;
  private ApiServer server;

  @Override
  public ApiEndpoint endpoint() {
    try {
      if (server == null) {
        server = ApiServer.open(directory, List.of(), (namespace, pod, lines) -> Optional.empty());
      }
      return new ApiEndpoint(server.address().toString(), server.token());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }
}
