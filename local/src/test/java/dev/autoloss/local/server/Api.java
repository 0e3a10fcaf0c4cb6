package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The API with documents and codes as they are on the wire, sent by the client's own HTTP. */
final class Api {
  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  static final String MERGE = "application/merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private final KubernetesClient client;

  Api(KubernetesClient client) {
    this.client = client;
  }

  /** What came back. */
  record Answer(int code, JsonNode body) {
    String message() {
      return body.path("message").asText();
    }

    String version() {
      return body.path("metadata").path("resourceVersion").asText();
    }
  }

  static JsonNode widgets() {
    try (InputStream in = Api.class.getResourceAsStream("widgets.yaml")) {
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON from YAML's short form. */
  static String json(String yaml) {
    try {
      return YAML.readTree(yaml).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer get(String path) {
    return send("GET", path, "", "");
  }

  /** The lines of a watch that ends by itself. */
  List<JsonNode> lines(String path) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text("GET", path, "", "").bodyString().split("\n", -1)) {
      if (!line.isBlank()) {
        lines.add(parse(line));
      }
    }
    return lines;
  }

  private static JsonNode parse(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer post(String path, String yaml) {
    return send("POST", path, "application/json", json(yaml));
  }

  Answer put(String path, JsonNode document) {
    return send("PUT", path, "application/json", document.toString());
  }

  Answer patch(String path, String type, String yaml) {
    return send("PATCH", path, type, json(yaml));
  }

  Answer delete(String path, String yaml) {
    return send("DELETE", path, "application/json", json(yaml));
  }

  Answer send(String method, String path, String contentType, String body) {
    Text text = text(method, path, contentType, body);
    boolean document = text.bodyString.startsWith("{") && !text.bodyString.strip().contains("\n");
    return new Answer(text.code, document ? parse(text.bodyString) : Json.MAPPER.missingNode());
  }

  private record Text(int code, String bodyString) {}

  private Text text(String method, String path, String contentType, String body) {
    try {
      HttpRequest.Builder request =
          client
              .getHttpClient()
              .newHttpRequestBuilder()
              .uri(URI.create(client.getMasterUrl().toString()).resolve(path));
      request = method.equals("GET") ? request : request.method(method, contentType, body);
      HttpResponse<String> response =
          client.getHttpClient().sendAsync(request.build(), String.class).get(30, TimeUnit.SECONDS);
      return new Text(response.code(), response.bodyString());
    } catch (Exception e) {
      throw new IllegalStateException(method + " " + path, e);
    }
  }
}
