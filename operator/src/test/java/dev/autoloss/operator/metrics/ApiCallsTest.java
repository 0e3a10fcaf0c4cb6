package dev.autoloss.operator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.autoloss.operator.OperatorClient;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiCallsTest {
  private static final String PODS = "/api/v1/namespaces/default/pods";

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/a/pods?labelSelector=x, list, pods",
    "GET, /api/v1/pods?watch=true, watch, pods",
    "GET, /api/v1/namespaces/a/pods/p/log?tailLines=1, get, pods/log",
    "GET, /api/v1/namespaces/a, get, namespaces",
    "GET, /apis/autoloss.dev/v1alpha1/losssearches?watch=true, watch, losssearches",
    "PATCH, /apis/autoloss.dev/v1alpha1/namespaces/a/losssearches/s/status, patch, losssearches/status",
    "POST, /apis/batch/v1/namespaces/a/jobs, create, jobs",
    "DELETE, /apis/batch/v1/namespaces/a/jobs/j, delete, jobs",
    "DELETE, /apis/batch/v1/namespaces/a/jobs, deletecollection, jobs",
    "PUT, /apis/coordination.k8s.io/v1/namespaces/a/leases/l, update, leases",
    "GET, /version, get, other",
    "GET, /api, get, other",
    "GET, /, get, other",
  })
  void requestsAreNamedAsByRbac(String method, String uri, String verb, String resource) {
    ApiCalls.Call call = ApiCalls.Call.of(method, URI.create("https://host" + uri));
    assertEquals(resource, call.resource());
    assertEquals(verb, call.verb());
  }

  @Test
  void everyTryIsCountedWithItsAnswer() throws IOException {
    var tries = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        PODS,
        exchange -> {
          try (exchange) {
            boolean busy = tries.getAndIncrement() == 0;
            byte[] body =
                "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(busy ? 429 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    try (var metrics = new OperatorMetrics(0);
        KubernetesClient client =
            OperatorClient.of(config(server.getAddress().getPort(), 2), metrics)) {
      assertTrue(client.pods().inNamespace("default").list().getItems().isEmpty());
      assertThrows(
          KubernetesClientException.class,
          () -> client.batch().v1().jobs().inNamespace("default").list());
      String text = metrics.scrape();
      for (String expected :
          new String[] {
            "{code=\"429\",resource=\"pods\",verb=\"list\"} 1.0",
            "{code=\"200\",resource=\"pods\",verb=\"list\"} 1.0",
            "{code=\"404\",resource=\"jobs\",verb=\"list\"} 1.0"
          }) {
        assertTrue(text.contains("autoloss_api_requests_total" + expected), text);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRequestWithoutAnAnswerIsCounted() throws IOException {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (var metrics = new OperatorMetrics(0);
        KubernetesClient client = OperatorClient.of(config(free, 2), metrics)) {
      assertThrows(
          KubernetesClientException.class, () -> client.pods().inNamespace("default").list());
      String text = metrics.scrape();
      assertTrue(text.contains("{code=\"none\",resource=\"pods\",verb=\"list\"} 2.0"), text);
    }
  }

  private static Config config(int port, int retries) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("http://127.0.0.1:" + port)
        .withRequestRetryBackoffLimit(retries)
        .withRequestRetryBackoffInterval(10)
        .build();
  }
}
