package dev.autoloss.e2e.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What kubectl shows of the resources. */
class ExplainTest {
  /** As wide as kubectl writes below a field. */
  private static final int WIDTH = 76;

  private static final int MOST_LINES = 3;

  private static RealServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RealServer.startOrSkip();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void everyFieldIsExplainedInThreeLines() {
    JsonNode schemas = published();
    var wrong = new ArrayList<String>();
    int fields = 0;
    for (String kind : List.of("LossSearch", "DetectorTraining")) {
      JsonNode schema = schemas.path("dev.autoloss.v1alpha1." + kind);
      for (String part : List.of("spec", "status")) {
        fields += walk(kind + "." + part, schema.path("properties").path(part), wrong);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(fields > 500, "fields: " + fields);
  }

  /** A server publishes the schema of a kind some time after it serves it. */
  private static JsonNode published() {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    JsonNode schemas;
    do {
      schemas =
          server.get("/openapi/v3/apis/autoloss.dev/v1alpha1").body().at("/components/schemas");
    } while (!(schemas.has("dev.autoloss.v1alpha1.LossSearch")
            && schemas.has("dev.autoloss.v1alpha1.DetectorTraining"))
        && System.nanoTime() < end);
    return schemas;
  }

  private static int walk(String path, JsonNode schema, List<String> wrong) {
    int lines = lines(schema.path("description").asText());
    if (lines == 0 || lines > MOST_LINES) {
      wrong.add(path + ": " + lines + " lines");
    }
    int fields = 1;
    JsonNode inner = schema.has("items") ? schema.path("items") : schema;
    for (Map.Entry<String, JsonNode> field : inner.path("properties").properties()) {
      fields += walk(path + "." + field.getKey(), field.getValue(), wrong);
    }
    return fields;
  }

  private static int lines(String text) {
    int lines = 0;
    int left = 0;
    for (String word : text.split(" ", -1)) {
      if (word.length() > left) {
        lines += text.isEmpty() ? 0 : 1;
        left = WIDTH;
      }
      left -= word.length() + 1;
    }
    return lines;
  }

  @Test
  void kubectlExplainsByNameAndShortName() throws Exception {
    String spec = server.kubectl("explain", "losssearch.spec");
    assertTrue(spec.contains("What is searched, on which data"), spec);
    assertTrue(spec.contains("What the search may spend."), spec);
    String rates = server.kubectl("explain", "lsearch.spec.evolution.rates.crossover");
    assertTrue(rates.contains("One-point subtree crossover."), rates);
    String affinity = server.kubectl("explain", "dtrain.spec.pod.affinity.nodeAffinity");
    assertTrue(affinity.contains("Which nodes fit"), affinity);
    String backbone = server.kubectl("explain", "dtrain.spec.detector.backbone");
    assertTrue(backbone.contains("ResNet18"), backbone);
  }

  @Test
  void columnsSayHowFarAndHowGood() throws Exception {
    String name =
        "{\"apiVersion\": \"autoloss.dev/v1alpha1\", \"metadata\": {\"name\": \"cells\"}, ";
    String spec = "\"spec\": {\"dataset\": {\"source\": {\"shapes\": {}}}}";
    create(false, name + "\"kind\": \"LossSearch\", " + spec + "}");
    create(true, name + "\"kind\": \"DetectorTraining\", " + spec + "}");
    server.kubectl(
        "patch",
        "lsearch",
        "cells",
        "--subresource=status",
        "--type=merge",
        "-p",
        """
        {"status": {"state": "Running", "generation": 3, "trials": {"scored": 41},
         "best": [{"candidate": "g3-c1", "meanAP": 0.4375}], "baseline": {"candidate": "g0-c0", "meanAP": 0.375}}}
        """);
    server.kubectl(
        "patch",
        "dtrain",
        "cells",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\": {\"state\": \"Running\", \"progress\": {\"epoch\": 7}, \"metrics\": {\"AP\": 0.25}}}");
    List<String> searches = rows("lsearch");
    assertEquals("NAME GENERATION TRAINED BEST AP BASELINE AP STATE AGE", searches.getFirst());
    assertTrue(searches.get(1).startsWith("cells 3 41 0.4375 0.375 Running "), searches::toString);
    List<String> trainings = rows("dtrain");
    assertEquals("NAME DETECTOR PROGRESS AP STATE AGE", trainings.getFirst());
    assertTrue(trainings.get(1).startsWith("cells FCOS 7 0.25 Running "), trainings::toString);
    String all = server.kubectl("get", "autoloss");
    assertTrue(all.contains("losssearch.autoloss.dev/cells"), all);
    assertTrue(all.contains("detectortraining.autoloss.dev/cells"), all);
  }

  private static void create(boolean training, String document) {
    RealServer.Answer answer = server.create(training, document, false);
    assertEquals(201, answer.code(), answer::message);
  }

  private static List<String> rows(String kind) throws Exception {
    return server
        .kubectl("get", kind)
        .lines()
        .map(line -> line.strip().replaceAll(" +", " "))
        .collect(Collectors.toList());
  }

  @Test
  void plainApplyTwiceChangesNothing() throws Exception {
    String again = server.kubectl("apply", "-f", "../crds");
    assertEquals(2, again.lines().filter(line -> line.endsWith(" unchanged")).count(), again);
  }
}
