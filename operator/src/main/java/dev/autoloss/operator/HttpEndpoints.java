package dev.autoloss.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /metrics}, {@code /healthz} and {@code /readyz}. */
final class HttpEndpoints implements AutoCloseable {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private HttpEndpoints(HttpServer server) {
    this.server = server;
  }

  /** Of health and readiness is said what they lack; empty for nothing. */
  static HttpEndpoints start(
      int port,
      Supplier<String> metrics,
      Supplier<Optional<String>> unhealthy,
      Supplier<Optional<String>> unready)
      throws IOException {
    var endpoints = new HttpEndpoints(HttpServer.create(new InetSocketAddress(port), 0));
    endpoints.server.setExecutor(endpoints.executor);
    endpoints.server.createContext(
        "/metrics",
        exchange -> answer(exchange, HttpURLConnection.HTTP_OK, METRICS_TYPE, metrics.get()));
    endpoints.server.createContext("/healthz", exchange -> state(exchange, unhealthy));
    endpoints.server.createContext("/readyz", exchange -> state(exchange, unready));
    endpoints.server.start();
    return endpoints;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void state(HttpExchange exchange, Supplier<Optional<String>> lacking)
      throws IOException {
    Optional<String> lack = lacking.get();
    answer(
        exchange,
        lack.isEmpty() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
        TEXT_TYPE,
        lack.orElse("ok") + "\n");
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
