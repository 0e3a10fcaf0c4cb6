package dev.autoloss.operator.metrics;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Counts the answers of the API server as {@code autoloss_api_requests_total{verb,resource,code}}:
 * each try by itself, a watch when it opens. Where no answer came and the client tries again,
 * {@code code} is {@code none}.
 */
final class ApiCalls implements Interceptor {
  private static final String NO_ANSWER = "none";
  private static final String OTHER = "other";

  private final MeterRegistry registry;

  ApiCalls(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    count(request, Integer.toString(response.code()));
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    count(request, NO_ANSWER);
  }

  private void count(HttpRequest request, String code) {
    Call call = Call.of(request.method(), request.uri());
    Counter.builder("autoloss.api.requests")
        .description("Requests to the API server")
        .tag("verb", call.verb())
        .tag("resource", call.resource())
        .tag("code", code)
        .register(registry)
        .increment();
  }

  /**
   * A request in the words of RBAC.
   *
   * @param verb for example {@code watch}
   * @param resource plural, with its subresource, for example {@code losssearches/status}; {@code
   *     other} for what is none, as {@code /version}
   */
  record Call(String verb, String resource) {
    static Call of(String method, URI uri) {
      List<String> path = Arrays.stream(uri.getPath().split("/", -1)).skip(1).toList();
      int group =
          switch (path.getFirst()) {
            case "api" -> 2;
            case "apis" -> 3;
            default -> path.size();
          };
      List<String> rest = path.subList(Math.min(group, path.size()), path.size());
      // A namespace itself is a resource, too.
      if (rest.size() > 2 && "namespaces".equals(rest.getFirst())) {
        rest = rest.subList(2, rest.size());
      }
      String resource =
          switch (rest.size()) {
            case 0 -> OTHER;
            case 1, 2 -> rest.getFirst();
            default -> rest.get(0) + "/" + rest.get(2);
          };
      return new Call(verb(method, uri, rest.size() != 1), resource);
    }

    private static String verb(String method, URI uri, boolean named) {
      String query = uri.getQuery() == null ? "" : uri.getQuery();
      return switch (method) {
        case "GET" -> named ? "get" : query.contains("watch=true") ? "watch" : "list";
        case "POST" -> "create";
        case "PUT" -> "update";
        case "DELETE" -> named ? "delete" : "deletecollection";
        default -> method.toLowerCase(Locale.ROOT);
      };
    }
  }
}
