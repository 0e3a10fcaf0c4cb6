package dev.autoloss.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** promtool's judgement of the chart's alerts, by the cases of {@code alerts-test.yaml}. */
class AlertsTest {
  private static final Path CASES =
      Path.of("src", "test", "resources", "chart", "alerts-test.yaml");

  static JsonNode rules(Program helm) throws Exception {
    String text =
        helm.run(
            "template",
            "autoloss",
            Program.CHART.toString(),
            "--namespace=autoloss",
            "--set=image=o:1,trainer.image=t:1,podMonitor.create=true,prometheusRule.create=true",
            "--show-only=templates/prometheusrule.yaml");
    return Yaml.documents(text).getFirst().path("spec");
  }

  @Test
  void everyAlertFiresAndDoesNot(@TempDir Path folder) throws Exception {
    Program promtool = Program.orSkip("promtool", "prometheus");
    JsonNode rules = rules(Program.orSkip("helm", "helm"));
    Path file = folder.resolve("alerts.yaml");
    Yaml.MAPPER.writeValue(file.toFile(), rules);
    String checked = promtool.run("check", "rules", "--lint=all", "--lint-fatal", file.toString());
    var alerts = new TreeSet<String>();
    for (JsonNode rule : rules.path("groups").findParents("alert")) {
      alerts.add(rule.path("alert").asText());
      // Their texts are checked elsewhere; here they would have to be repeated.
      ((ObjectNode) rule).remove("annotations");
    }
    assertTrue(checked.contains(alerts.size() + " rules found"), checked);
    Yaml.MAPPER.writeValue(file.toFile(), rules);
    Path cases = Files.copy(CASES, folder.resolve("alerts-test.yaml"));
    String said = promtool.run("test", "rules", cases.toString());
    assertTrue(said.contains("SUCCESS"), said);
    assertEquals(alerts, cased(true), "that fire in a case");
    assertEquals(alerts, cased(false), "that do not fire in a case");
  }

  private static Set<String> cased(boolean fires) throws Exception {
    var names = new TreeSet<String>();
    for (JsonNode one : Yaml.MAPPER.readTree(CASES.toFile()).findParents("alertname")) {
      if (one.path("exp_alerts").isEmpty() != fires) {
        names.add(one.path("alertname").asText());
      }
    }
    return names;
  }
}
