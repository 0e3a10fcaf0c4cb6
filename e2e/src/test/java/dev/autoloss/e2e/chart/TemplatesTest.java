package dev.autoloss.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders from values, without a cluster. */
class TemplatesTest {
  private static final Path VALUES = Path.of("src", "test", "resources", "chart", "values");
  private static final String IMAGES = "--set=image=o:1,trainer.image=t:1";

  private Program helm;

  @BeforeEach
  void helm() {
    helm = Program.orSkip("helm", "helm");
  }

  static List<String> valid() throws IOException {
    return files("valid-");
  }

  static List<String> refused() throws IOException {
    return files("refused-");
  }

  private static List<String> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  /** The first line of a file, after its hash sign. */
  private static String head(String file) throws IOException {
    return Files.readAllLines(VALUES.resolve(file)).getFirst().replaceFirst("^# ", "");
  }

  private List<JsonNode> render(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("template", "autoloss", Program.CHART.toString()));
    command.add("--namespace=autoloss");
    command.addAll(List.of(arguments));
    return Yaml.documents(helm.run(command.toArray(String[]::new)));
  }

  @Test
  void lint() throws Exception {
    String said = helm.run("lint", "--strict", Program.CHART.toString(), IMAGES);
    assertTrue(said.contains("0 chart(s) failed"), said);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void rendered(String file) throws Exception {
    List<JsonNode> documents = render("--values=" + VALUES.resolve(file));
    String kinds =
        documents.stream()
            .map(one -> one.path("kind").asText())
            .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .sorted()
            .collect(Collectors.joining(", "));
    assertEquals(head(file), kinds);
    for (JsonNode one : documents) {
      assertEquals(
          "CustomResourceDefinition".equals(one.path("kind").asText()),
          one.at("/metadata/labels").isMissingNode(),
          one::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refused(String file) throws Exception {
    Program.End end =
        helm.end("template", Program.CHART.toString(), "--values=" + VALUES.resolve(file));
    assertNotEquals(0, end.code(), file);
    assertTrue(end.error().contains(head(file)), end.error());
  }

  @Test
  void onlyTheOperatorIsServedSpreadAndProtected() throws Exception {
    List<JsonNode> documents = render(IMAGES, "--set=replicas=2,podMonitor.create=true");
    JsonNode operator =
        Yaml.only(documents, "Deployment", "autoloss").at("/spec/template/metadata");
    JsonNode test = Yaml.only(documents, "Pod", "autoloss-test").path("metadata");
    List<JsonNode> selectors =
        List.of(
            Yaml.only(documents, "Service", "autoloss-metrics").at("/spec/selector"),
            Yaml.only(documents, "NetworkPolicy", "autoloss").at("/spec/podSelector/matchLabels"),
            Yaml.only(documents, "PodDisruptionBudget", "autoloss")
                .at("/spec/selector/matchLabels"),
            Yaml.only(documents, "PodMonitor", "autoloss").at("/spec/selector/matchLabels"),
            Yaml.only(documents, "Deployment", "autoloss")
                .at("/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels"));
    for (JsonNode selector : selectors) {
      assertTrue(!selector.isMissingNode() && matches(selector, operator), selector::toString);
      assertTrue(!matches(selector, test), selector::toString);
    }
  }

  private static boolean matches(JsonNode selector, JsonNode metadata) {
    return selector.properties().stream()
        .allMatch(entry -> entry.getValue().equals(metadata.path("labels").path(entry.getKey())));
  }

  @Test
  void definitionsAreThoseOfTheProjectAndStay() throws Exception {
    List<JsonNode> documents = render(IMAGES, "--show-only=templates/crds.yaml");
    Set<String> names = new TreeSet<>();
    for (JsonNode one : documents) {
      String name = one.at("/metadata/name").asText();
      names.add(name);
      assertEquals("keep", one.at("/metadata/annotations/helm.sh~1resource-policy").asText());
      JsonNode source = Yaml.MAPPER.readTree(Path.of("..", "crds", name + ".yaml").toFile());
      assertEquals(source.path("spec"), one.path("spec"));
    }
    assertEquals(Set.of("detectortrainings.autoloss.dev", "losssearches.autoloss.dev"), names);
  }

  @Test
  void everyAlertHasARunbook() throws Exception {
    JsonNode rules =
        Yaml.only(
            render(IMAGES, "--set=podMonitor.create=true,prometheusRule.create=true"),
            "PrometheusRule",
            "autoloss");
    Set<String> headings =
        Files.readAllLines(Path.of("..", "docs", "operations.md")).stream()
            .filter(line -> line.startsWith("### Autoloss"))
            .map(line -> line.substring(4))
            .collect(Collectors.toCollection(TreeSet::new));
    var alerts = new TreeSet<String>();
    for (JsonNode rule : rules.findValue("groups").findParents("alert")) {
      String alert = rule.path("alert").asText();
      alerts.add(alert);
      String anchor = "/docs/operations.md#" + alert.toLowerCase(java.util.Locale.ROOT);
      assertTrue(rule.at("/annotations/runbook_url").asText().endsWith(anchor), rule::toString);
      assertTrue(!rule.at("/annotations/summary").asText().isBlank(), rule::toString);
      assertTrue(!rule.at("/annotations/description").asText().isBlank(), rule::toString);
    }
    assertEquals(headings, alerts);
  }
}
