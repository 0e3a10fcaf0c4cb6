package dev.autoloss.local.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as far as the API reads it. */
final class Request {
  /** The API server's own limit. */
  private static final int MAX_BODY = 3 << 20;

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String EXPECTED = "application/json or application/yaml";

  private final HttpExchange exchange;
  private final Map<String, String> parameters;

  Request(HttpExchange exchange) {
    this.exchange = exchange;
    this.parameters =
        parameters(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      try {
        parameters.put(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw StatusError.badRequest("query: not decodable: " + pair);
      }
    }
    return parameters;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  String path() {
    return exchange.getRequestURI().getPath();
  }

  /** A query parameter, empty when it is missing. */
  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  /** A header's values in one, empty when it is missing. */
  String header(String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? "" : String.join(",", values);
  }

  boolean wantsTable() {
    return header("Accept").contains("as=Table");
  }

  String contentType() {
    return header("Content-Type").replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT);
  }

  boolean dryRun() {
    return parameter("dryRun").equals("All");
  }

  WriteOptions writeOptions(String subresource) {
    String manager = parameter("fieldManager");
    boolean apply = contentType().startsWith("application/apply-patch");
    // A client that does not say who it is, is known by its program's name, except in an apply.
    String agent = header("User-Agent").replaceAll("/.*", "");
    String writer = manager.isEmpty() && !apply ? (agent.isEmpty() ? "unknown" : agent) : manager;
    return new WriteOptions(
        dryRun(),
        parameter("fieldValidation").equals("Strict"),
        flag("force"),
        writer,
        subresource);
  }

  ObjectNode objectBody() throws IOException {
    if (body() instanceof ObjectNode object) {
      return object;
    }
    throw StatusError.badRequest("the body of the request: expected an object");
  }

  /** The document in the body, missing when there is none. */
  JsonNode body() throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw StatusError.tooLarge(MAX_BODY);
    }
    if (bytes.length == 0) {
      return Json.MAPPER.missingNode();
    }
    String type = contentType();
    boolean yaml = type.endsWith("yaml");
    if (!type.isEmpty() && !yaml && !type.endsWith("json")) {
      throw StatusError.unsupportedMediaType(type, EXPECTED);
    }
    try {
      // An apply patch is called YAML and is JSON as a rule.
      return yaml && bytes[0] != '{' ? YAML.readTree(bytes) : Json.MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw StatusError.badRequest(
          "the body of the request can't be read: " + e.getOriginalMessage() + position(e));
    }
  }

  private static String position(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }
}
