package dev.autoloss.e2e.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.autoloss.local.server.ApiEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Stands between an operator and the API server and lets a {@link Fault} happen. Writes pass one
 * after another, so that "after the n-th write" says exactly what the server has seen.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "accept-encoding");

  private static final String GONE =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too"
          + " old resource version\"}}";

  private final ApiEndpoint upstream;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().executor(threads).sslContext(AnyCertificate.context()).build();
  private final Map<String, byte[]> lists = new ConcurrentHashMap<>();
  private final List<Call> writes = new ArrayList<>();
  private final Semaphore cut = new Semaphore(0);
  private volatile Fault fault = Fault.NONE;
  private volatile boolean down;
  private int sinceFault;

  private FaultProxy(ApiEndpoint upstream, HttpServer http) {
    this.upstream = upstream;
    this.http = http;
  }

  public static FaultProxy start(ApiEndpoint upstream) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var proxy = new FaultProxy(upstream, http);
    http.setExecutor(proxy.threads);
    http.createContext("/", proxy::handle);
    http.start();
    return proxy;
  }

  /** Where a client finds it. */
  public ApiEndpoint endpoint() {
    return new ApiEndpoint("http://127.0.0.1:" + http.getAddress().getPort(), upstream.token());
  }

  /** From now on this goes wrong; its writes are counted from 1. */
  public synchronized void happens(Fault next) {
    fault = next;
    sinceFault = 0;
    cut.drainPermits();
  }

  /** Waits until a fault has cut the connection. */
  Semaphore cut() {
    return cut;
  }

  /** Lets nothing through, or all again. */
  public void down(boolean whether) {
    down = whether;
  }

  /** All writes that the server has seen, events not counted. */
  public synchronized List<Call> writes() {
    return List.copyOf(writes);
  }

  private void handle(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    var call =
        new Call(
            exchange.getRequestMethod(),
            uri.getPath(),
            uri.getRawQuery() == null ? "" : uri.getRawQuery());
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        // A client that would rather watch by WebSocket takes this as leave to go on by HTTP.
        answer(exchange, 200, new byte[] {'{', '}'});
        return;
      }
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (down) {
        return;
      }
      OptionalInt refusal = fault.refusal(call);
      if (refusal.isPresent()) {
        answer(exchange, refusal.getAsInt(), status(refusal.getAsInt()));
      } else if (call.watch()) {
        watch(exchange, call, body);
      } else if (call.write()) {
        write(exchange, call, body);
      } else {
        read(exchange, call, body);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(HttpExchange exchange, Call call, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response;
    synchronized (this) {
      if (down) {
        return;
      }
      response =
          client.send(request(exchange, call, body), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() < 300) {
        writes.add(call);
        sinceFault++;
        if (fault.cutAfter(call, sinceFault)) {
          down = true;
          cut.release();
          return;
        }
        if (fault.unanswered(call, sinceFault)) {
          return;
        }
      }
    }
    answer(exchange, response.statusCode(), response.body());
  }

  private void read(HttpExchange exchange, Call call, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(request(exchange, call, body), HttpResponse.BodyHandlers.ofByteArray());
    byte[] answer = response.body();
    if (call.list() && response.statusCode() == 200) {
      String key = call.path() + "?" + call.query();
      byte[] before = lists.getOrDefault(key, answer);
      answer = fault.list(call, answer, before);
      lists.put(key, response.body());
    }
    answer(exchange, response.statusCode(), answer);
  }

  private void watch(HttpExchange exchange, Call call, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request(exchange, call, body), HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      answer(exchange, response.statusCode(), response.body().readAllBytes());
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    long millis = fault.watchMillis();
    InputStream stream = response.body();
    if (millis > 0) {
      threads.execute(() -> endLater(stream, millis));
    }
    OutputStream out = exchange.getResponseBody();
    try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null && !down; line = lines.readLine()) {
        for (String sent : fault.event(call, line)) {
          send(out, sent);
        }
      }
    } catch (IOException ended) {
      if (millis > 0 && !down) {
        send(out, GONE);
      }
    }
  }

  private static void endLater(InputStream stream, long millis) {
    try {
      Thread.sleep(millis);
      stream.close();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException closed) {
      // It has ended by itself.
    }
  }

  private static void send(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private HttpRequest request(HttpExchange exchange, Call call, byte[] body) {
    String query = call.query().isEmpty() ? "" : "?" + call.query();
    var request =
        HttpRequest.newBuilder(
            URI.create(upstream.address() + exchange.getRequestURI().getRawPath() + query));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_FORWARDED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.method(call.method(), HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  private static void answer(HttpExchange exchange, int code, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static byte[] status(int code) {
    String reason =
        switch (code) {
          case 409 -> "Conflict";
          case 429 -> "TooManyRequests";
          default -> "InternalError";
        };
    return ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"%s\","
            + "\"code\":%d,\"message\":\"injected\"}")
        .formatted(reason, code)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    down = true;
    http.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
