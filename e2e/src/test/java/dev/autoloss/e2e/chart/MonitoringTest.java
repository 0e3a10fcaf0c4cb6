package dev.autoloss.e2e.chart;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.LossSearch;
import dev.autoloss.e2e.PodsByAnnotation;
import dev.autoloss.e2e.RealCluster;
import dev.autoloss.operator.SearchScenario;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes an operator that runs a search: every query of both dashboards and
 * everything that the alerts ask of has an answer.
 */
class MonitoringTest {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Pattern METRIC =
      Pattern.compile("(?<![a-zA-Z_])(?:autoloss|operator_sdk)_[a-z_]+(?=[{)])");

  /** The status of one search is refused, so that reconciliations fail, too. */
  private static final String REFUSAL =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: refused}
      spec:
        matchConstraints:
          resourceRules:
            - {apiGroups: [autoloss.dev], apiVersions: ["*"], operations: [UPDATE], resources: [losssearches/status]}
        validations: [{expression: "object.metadata.name != 'refused'"}]
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: refused}
      spec: {policyName: refused, validationActions: [Deny]}
      """;

  @TempDir Path folder;

  @Test
  void everyQueryHasAnAnswer() throws Exception {
    Program helm = Program.orSkip("helm", "helm");
    Program prometheus = Program.orSkip("prometheus", "prometheus");
    try (var cluster = RealCluster.startOrSkip();
        KubernetesClient client = cluster.client()) {
      cluster.applyCrds();
      cluster.startFakeNodes(2);
      Path refusal = Files.writeString(folder.resolve("refusal.yaml"), REFUSAL);
      cluster.kubectl("apply", "-f", refusal.toString());
      Yaml.MAPPER.writeValue(folder.resolve("alerts.yaml").toFile(), AlertsTest.rules(helm));
      Map<String, String> environment =
          Map.of(
              "AUTOLOSS_TRAINER_IMAGE",
              "registry.example/trainer:1",
              "AUTOLOSS_PROGRESS_SECONDS",
              "1");
      try (var operator =
              OperatorProcess.start(folder, Files.readString(cluster.kubeconfig()), environment);
          var server = Server.start(prometheus, folder, operator.port())) {
        var scenario = new SearchScenario(client, "default", new PodsByAnnotation(client));
        scenario.runDisturbed("done", LIMIT);
        scenario.apply("refused");
        LossSearch open = scenario.apply("open");
        await()
            .atMost(LIMIT)
            .until(
                () ->
                    cluster
                        .kubectl("get", "dtrain", "-l=autoloss.dev/search-uid=" + uid(open))
                        .contains("Running"));
        check(server);
      }
    }
  }

  private static String uid(LossSearch search) {
    return search.getMetadata().getUid();
  }

  private static void check(Server server) throws Exception {
    var queries = new LinkedHashMap<String, String>();
    for (String file : List.of("platform", "researcher")) {
      JsonNode dashboard =
          new ObjectMapper()
              .readTree(Program.CHART.resolve("dashboards").resolve(file + ".json").toFile());
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.put(
              file + ", " + panel.path("title").asText() + ", " + target.path("refId").asText(),
              target.path("expr").asText());
        }
      }
    }
    assertTrue(queries.size() > 30, queries::toString);
    var names = new TreeSet<String>();
    for (JsonNode rule : server.rules()) {
      METRIC.matcher(rule.path("query").asText()).results().forEach(one -> names.add(one.group()));
    }
    assertTrue(names.size() >= 10, names::toString);
    names.forEach(name -> queries.put("alerts, " + name, name));
    var unanswered = new LinkedHashMap<String, String>(queries);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(
            () -> {
              for (var query : List.copyOf(unanswered.entrySet())) {
                if (!server.query(query.getValue()).isEmpty()) {
                  unanswered.remove(query.getKey());
                }
              }
              assertEquals(Map.of(), unanswered);
            });
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              for (JsonNode rule : server.rules()) {
                assertEquals("ok", rule.path("health").asText(), rule::toString);
              }
            });
  }

  /** A Prometheus. */
  private static final class Server implements AutoCloseable {
    private final Process process;
    private final int port;

    private Server(Process process, int port) {
      this.process = process;
      this.port = port;
    }

    static Server start(Program program, Path folder, int target) throws IOException {
      int port = OperatorProcess.freePort();
      String text =
          """
          global: {scrape_interval: 1s, evaluation_interval: 1s}
          rule_files: [alerts.yaml]
          scrape_configs:
            - job_name: autoloss/autoloss
              honor_labels: true
              static_configs:
                - targets: ["127.0.0.1:%d"]
                  labels: {namespace: autoloss, pod: autoloss-0}
          """
              .formatted(target);
      Path config = Files.writeString(folder.resolve("prometheus.yaml"), text);
      Process process =
          new ProcessBuilder(
                  program.file().toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + folder.resolve("prometheus"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("prometheus.log").toFile())
              .start();
      var server = new Server(process, port);
      try {
        await("Prometheus")
            .atMost(LIMIT)
            .ignoreExceptions()
            .until(() -> !server.query("up == 1").isEmpty());
        return server;
      } catch (RuntimeException failure) {
        server.close();
        throw new IOException(Files.readString(folder.resolve("prometheus.log")), failure);
      }
    }

    /** The answer's samples, for a panel of the last minutes of autoloss and of all searches. */
    JsonNode query(String expression) throws IOException, InterruptedException {
      String asked =
          expression
              .replace("$__rate_interval", "1m")
              .replace("$__range", "5m")
              .replace(
                  "\"$namespace\"",
                  expression.contains("=~\"$namespace\"") ? "\".+\"" : "\"autoloss\"")
              .replace("\"$search\"", "\".+\"");
      JsonNode answer =
          get("/api/v1/query?query=" + URLEncoder.encode(asked, StandardCharsets.UTF_8));
      if (!"success".equals(answer.path("status").asText())) {
        throw new AssertionError(asked + ": " + answer);
      }
      return answer.at("/data/result");
    }

    List<JsonNode> rules() throws IOException, InterruptedException {
      return get("/api/v1/rules").at("/data/groups").findParents("query");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
      try (var http = HttpClient.newHttpClient()) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        return new ObjectMapper()
            .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      }
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException stopped) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
