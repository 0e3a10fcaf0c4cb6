package dev.autoloss.e2e.schema;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.local.server.RealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A real API server with the CRDs, spoken to as kubectl does. */
final class RealServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern UNKNOWN = Pattern.compile("unknown field \"([^\"]*)\"");
  private static final Pattern TWICE = Pattern.compile("key \"([^\"]*)\" already set");

  /** What the server said. */
  record Answer(int code, JsonNode body) {
    String message() {
      return body.path("message").asText();
    }

    /** The fields that it names; of a key that is there twice only the last name. */
    Set<String> fields() {
      var fields = new TreeSet<String>();
      if (code == 422) {
        // A nil field only says that not all rules were looked at.
        for (JsonNode cause : body.path("details").path("causes")) {
          fields.add(cause.path("field").asText());
        }
        fields.remove("<nil>");
      }
      UNKNOWN.matcher(message()).results().forEach(found -> fields.add(found.group(1)));
      TWICE.matcher(message()).results().forEach(found -> fields.add("*." + found.group(1)));
      return fields;
    }
  }

  private final RealApiServer api;
  private final Path kubectl;
  private final KubernetesClient client;

  private RealServer(RealApiServer api, Path kubectl) {
    this.api = api;
    this.kubectl = kubectl;
    this.client = api.endpoint().client();
  }

  /** Starts it; skips the test, with the reason, without its binaries. */
  static RealServer startOrSkip() throws Exception {
    Optional<Path> binaries = RealApiServer.binaries();
    assumeTrue(binaries.isPresent(), RealApiServer::missing);
    Path kubectl = binaries.get().resolve("kubectl");
    assumeTrue(Files.isExecutable(kubectl), () -> "no kubectl: " + kubectl + " is missing");
    var server = new RealServer(RealApiServer.start(binaries.get()), kubectl);
    server.kubectl("apply", "-f", "../crds");
    // Established is said a moment before the storage answers.
    Awaitility.await("custom resources")
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .until(
            () -> server.kubectl("get", "losssearches,detectortrainings").contains("No resources"));
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  String kubectl(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(kubectl.toString());
    command.add("--kubeconfig=" + api.kubeconfig());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() == 0, () -> String.join(" ", command) + "\n" + output);
    return output;
  }

  static String path(boolean training) {
    return "/apis/autoloss.dev/v1alpha1/namespaces/default/"
        + (training ? "detectortrainings" : "losssearches");
  }

  /** Creates from YAML or JSON, strictly. */
  Answer create(boolean training, String document, boolean dryRun) {
    return send("POST", path(training) + query(dryRun), document);
  }

  /** Replaces a whole object. */
  Answer replace(boolean training, String name, String document, boolean dryRun) {
    return send("PUT", path(training) + "/" + name + query(dryRun), document);
  }

  Answer delete(boolean training, String name) {
    return send("DELETE", path(training) + "/" + name, "");
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  private static String query(boolean dryRun) {
    return "?fieldValidation=Strict" + (dryRun ? "&dryRun=All" : "");
  }

  private Answer send(String method, String path, String body) {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(api.endpoint().address() + path)
            .method(method, "application/yaml", body.isEmpty() ? null : body)
            .build();
    try {
      HttpResponse<String> response =
          client.getHttpClient().sendAsync(request, String.class).get(60, TimeUnit.SECONDS);
      return new Answer(response.code(), json(response.bodyString()));
    } catch (Exception failure) {
      throw new IllegalStateException(method + " " + path, failure);
    }
  }

  private static JsonNode json(String body) throws IOException {
    try {
      return MAPPER.readTree(body);
    } catch (com.fasterxml.jackson.core.JsonProcessingException plain) {
      return MAPPER.createObjectNode().put("message", body);
    }
  }

  @Override
  public void close() {
    client.close();
    api.close();
  }
}
