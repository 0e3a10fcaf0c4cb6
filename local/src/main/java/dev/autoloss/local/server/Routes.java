package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: who may come in, where a path leads, and how answers and errors look. */
final class Routes implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");
  private static final String USER = "autoloss";
  private static final Duration LONGEST_WATCH = Duration.ofMinutes(30);

  private final ObjectStore store;
  private final TypeRegistry types;
  private final Discovery discovery;
  private final Verbs verbs;
  private final byte[] bearer;
  private final byte[] basic;

  Routes(ObjectStore store, TypeRegistry types, Verbs verbs, String token) {
    this.store = store;
    this.types = types;
    this.discovery = new Discovery(types);
    this.verbs = verbs;
    this.bearer = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
    byte[] login = (USER + ":" + token).getBytes(StandardCharsets.US_ASCII);
    this.basic =
        ("Basic " + Base64.getEncoder().encodeToString(login)).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        route(exchange, new Request(exchange));
      } catch (StatusError e) {
        send(exchange, e.code(), e.toJson());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("{} {}", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        StatusError internal = StatusError.internal(e.toString());
        send(exchange, internal.code(), internal.toJson());
      }
    }
  }

  private void route(HttpExchange exchange, Request request)
      throws IOException, InterruptedException {
    if (HEALTH.contains(request.path())) {
      send(exchange, 200, "text/plain", "ok".getBytes(StandardCharsets.US_ASCII));
      return;
    }
    if (!isAuthorised(request)) {
      throw StatusError.unauthorized();
    }
    Optional<ObjectNode> document = discovery.document(request.path());
    if (document.isPresent()) {
      send(exchange, 200, document.get());
      return;
    }
    RequestPath path = RequestPath.parse(request.path()).orElseThrow(StatusError::noSuchPath);
    ResourceType type =
        types
            .find(path.group(), path.version(), path.plural())
            .orElseThrow(StatusError::noSuchPath);
    if (path.subresource().equals("log") && type.is("", "pods") && request.method().equals("GET")) {
      send(exchange, 200, "text/plain", verbs.log(request, type, path));
      return;
    }
    requireServed(type, path);
    if (request.method().equals("GET") && request.flag("watch")) {
      watch(exchange, request, type, path);
      return;
    }
    Verbs.Answer answer = verbs.answer(request, type, path);
    send(exchange, answer.code(), answer.document());
  }

  /**
   * kubectl sends a token over TLS only, but the name and password of its server's address always.
   */
  private boolean isAuthorised(Request request) {
    byte[] sent = request.header("Authorization").getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(sent, bearer) || MessageDigest.isEqual(sent, basic);
  }

  private static void requireServed(ResourceType type, RequestPath path) {
    boolean status = path.subresource().equals("status") && type.statusSubresource();
    boolean placed = type.namespaced() || path.namespace().isEmpty();
    boolean located = !type.namespaced() || path.name().isEmpty() || !path.namespace().isEmpty();
    if (!placed || !located || !(status || path.subresource().isEmpty())) {
      throw StatusError.noSuchPath();
    }
  }

  private void watch(HttpExchange exchange, Request request, ResourceType type, RequestPath path)
      throws IOException, InterruptedException {
    String name = path.name();
    WatchStream.Scope scope =
        new WatchStream.Scope(
            type,
            path.namespace(),
            Verbs.selector(request, type)
                .and(o -> name.isEmpty() || Json.meta(o, "name").equals(name)));
    WatchStream watch =
        new WatchStream(
            store,
            scope,
            new WatchStream.Parameters(
                request.parameter("resourceVersion"),
                request.flag("allowWatchBookmarks"),
                request.flag("sendInitialEvents"),
                timeout(request),
                request.wantsTable()));
    WatchStream.Start start = watch.start();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      watch.send(start, out);
    }
  }

  private static Duration timeout(Request request) {
    String seconds = request.parameter("timeoutSeconds");
    try {
      return seconds.isEmpty() ? LONGEST_WATCH : Duration.ofSeconds(Long.parseLong(seconds));
    } catch (NumberFormatException e) {
      throw StatusError.badRequest("timeoutSeconds: expected an integer, found " + seconds);
    }
  }

  private static void send(HttpExchange exchange, int code, JsonNode document) throws IOException {
    send(exchange, code, "application/json", Json.bytes(document));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
