package dev.autoloss.local.server;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;

/**
 * The conformance tests on a real API server, which keep the embedded one honest; skipped where
 * there are no binaries.
 */
final class RealApiTest extends ApiConformance {
  private RealApiServer server;

  @Override
  public ApiEndpoint endpoint() {
    if (server == null) {
      Optional<Path> binaries = RealApiServer.binaries();
      Assumptions.assumeTrue(binaries.isPresent(), RealApiServer::missing);
      try {
        server = RealApiServer.start(binaries.get());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return server.endpoint();
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }
}
