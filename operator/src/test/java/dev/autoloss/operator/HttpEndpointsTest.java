package dev.autoloss.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
  @Test
  void metricsHealthAndReadiness() throws IOException, InterruptedException {
    var lacking = new AtomicReference<>(Optional.of("the caches are not filled"));
    try (var endpoints =
            HttpEndpoints.start(0, () -> "autoloss_trials 1\n", Optional::empty, lacking::get);
        var client = HttpClient.newHttpClient()) {
      assertEquals("200 autoloss_trials 1\n", get(client, endpoints.port(), "/metrics"));
      assertEquals("200 ok\n", get(client, endpoints.port(), "/healthz"));
      assertEquals("503 the caches are not filled\n", get(client, endpoints.port(), "/readyz"));
      lacking.set(Optional.empty());
      assertEquals("200 ok\n", get(client, endpoints.port(), "/readyz"));
    }
  }

  private static String get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    var response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
