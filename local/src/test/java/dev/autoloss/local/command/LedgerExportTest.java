package dev.autoloss.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LedgerHead;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.local.run.RunOptions;
import dev.autoloss.local.server.ApiServer;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.operator.OperatorClient;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.ChildNames;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.Candidate;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.LossPair;
import dev.autoloss.search.Origin;
import dev.autoloss.search.Scaling;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerExportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Branch BRANCH = Branch.ONE_STAGE;
  private static final String SEARCH =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: LossSearch
      metadata: {name: cells, namespace: lab}
      spec:
        dataset: {source: {shapes: {}}}
        evolution: {generations: 1, candidates: 10, trained: 2, parents: 1, replicates: 2}
        training: {accelerator: {count: 0}}
      """;

  private static final String REASON = "node \"a\" is gone,\nand its pod";

  @TempDir private Path folder;

  private static Ran run(Object... arguments) {
    return Ran.command(
        Stream.concat(Stream.of("ledger", "export"), Stream.of(arguments)).toArray());
  }

  private static Candidate candidate(int generation, int slot, Origin origin, LossPair losses) {
    return new Candidate(
        new CandidateId(generation, slot),
        origin,
        origin == Origin.CROSSOVER ? List.of(new CandidateId(0, 0)) : List.of(),
        losses,
        origin == Origin.CONTROL ? new Scaling(1, 2, 1) : Scaling.NONE,
        origin == Origin.CONTROL ? Optional.of("DoubleBoxWeight") : Optional.empty());
  }

  private static SearchEvent recorded(String trial, TrialOutcome outcome) {
    return new SearchEvent.Recorded(TrialId.parse(trial), outcome);
  }

  private static SearchEvent scored(String trial, double ap) {
    return recorded(trial, new TrialOutcome.Scored(ap));
  }

  private static final List<List<SearchEvent>> EVENTS =
      List.of(
          List.of(
              new SearchEvent.Proposed(
                  0,
                  List.of(
                      candidate(0, 0, Origin.BASELINE, LossPair.DEFAULT),
                      candidate(0, 1, Origin.CONTROL, LossPair.DEFAULT)),
                  new Funnel(2, 0, Map.of(), 2, 2)),
              scored("g0-c0-p0", 0.25),
              scored("g0-c0-p1", 0.5),
              scored("g0-c1-p0", 0.125),
              recorded("g0-c1-p1", new TrialOutcome.Skipped()),
              new SearchEvent.Sealed(0, List.of(new CandidateId(0, 0)))),
          List.of(
              new SearchEvent.Proposed(
                  1,
                  List.of(
                      candidate(
                          1,
                          0,
                          Origin.CROSSOVER,
                          new LossPair(
                              Optional.empty(),
                              Optional.of(ExpressionParser.parse("1 - I / U", Branch.REGRESSION)))),
                      candidate(
                          1,
                          1,
                          Origin.RANDOM,
                          new LossPair(
                              Optional.of(ExpressionParser.parse("Neg(X)", BRANCH)),
                              Optional.empty())),
                      candidate(1, 2, Origin.RANDOM, LossPair.DEFAULT)),
                  new Funnel(10, 1, Map.of(), 3, 3)),
              scored("g1-c0-p0", 0.5),
              scored("g1-c0-p1", 0.75),
              recorded("g1-c1-p0", new TrialOutcome.Diverged()),
              recorded("g1-c1-p1", new TrialOutcome.Lost(REASON))));

  private static KubernetesClient client(ApiServer server) {
    return OperatorClient.of(
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.address().toString())
            .withOauthToken(server.token())
            .withOnlyHttpWatches(true)
            .build());
  }

  private static ApiServer open(Path work) throws IOException {
    return ApiServer.open(
        RunOptions.journal(work),
        DocumentReader.customResourceDefinitions(),
        (_, _, _) -> Optional.empty());
  }

  /** A search as the operator leaves it; a segment may be kept from it, and another changed. */
  private void fill(KubernetesClient client, int missing, int damaged) throws Exception {
    var document = (Document.Search) DocumentReader.read("search.yaml", SEARCH);
    LossSearch search = client.resource(document.resource()).create();
    Ledger ledger = Ledger.EMPTY;
    for (List<SearchEvent> events : EVENTS) {
      ControllerRevision segment =
          ledger.following(search, BRANCH, events, _ -> Optional.empty()).getFirst();
      ledger = ledger.then(search, BRANCH, segment);
      int index = ledger.links().size();
      if (index == damaged) {
        var data = MAPPER.valueToTree(segment.getData());
        segment.setData(
            MAPPER.readValue(
                data.toString().replace("\"digest\":\"", "\"digest\":\"00"), Map.class));
      }
      if (index != missing) {
        client.resource(segment).create();
      }
    }
    LedgerHead head = ledger.head().orElseThrow();
    client
        .resource(search)
        .inNamespace("lab")
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"status\": {\"ledger\": %s}}".formatted(MAPPER.writeValueAsString(head)));
    training(client, search, "g1-c0-p0", "0.75", 40);
    training(client, search, "g1-c0-p1", "1.0", 41.5);
  }

  private static void training(
      KubernetesClient client, LossSearch search, String trial, String ap50, double seconds)
      throws Exception {
    var metadata =
        new ObjectMetaBuilder()
            .withName(ChildNames.of(search, trial))
            .withNamespace("lab")
            .addToLabels(Labels.SEARCH_UID, search.getMetadata().getUid())
            .addToAnnotations(Labels.TRIAL, trial)
            .withOwnerReferences(Ownership.controller(search))
            .build();
    var document =
        (Document.Training)
            DocumentReader.read(
                "training.yaml",
                """
                apiVersion: autoloss.dev/v1alpha1
                kind: DetectorTraining
                metadata: {name: any}
                spec: {dataset: {source: {shapes: {}}}}
                """);
    DetectorTraining training = document.resource();
    training.setMetadata(metadata);
    DetectorTraining made = client.resource(training).create();
    client
        .resource(made)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"outcome": "Scored", "seconds": %s, "metrics": {"AP": 0.5, "AP50": %s, "AP75": 0,
             "APs": 0, "APm": 0, "APl": 0, "AR1": 0, "AR10": 0, "AR100": 0, "ARs": 0, "ARm": 0, "ARl": 0}}}
            """
                .formatted(seconds, ap50));
  }

  private Path work(int missing, int damaged) throws Exception {
    Path work = folder.resolve("work");
    try (ApiServer server = open(work);
        KubernetesClient client = client(server)) {
      fill(client, missing, damaged);
    }
    return work;
  }

  @Test
  void aWorkFolderIsReadBackFromJsonLines() throws Exception {
    Path work = work(0, 0);
    Ran ran = run("--work", work);
    assertEquals(0, ran.code(), ran.err());
    assertRows(ran.out());
    Path file = folder.resolve("rows.jsonl");
    Ran written = run("--work", work, "--format", "jsonl", "--out", file);
    assertEquals("wrote 5 candidates to " + file + "\n", written.out(), written.err());
    assertEquals(ran.out(), Files.readString(file));
  }

  private static void assertRows(String out) throws IOException {
    var rows = new ArrayList<JsonNode>();
    for (String line : out.lines().toList()) {
      rows.add(MAPPER.readTree(line));
    }
    assertEquals(
        List.of("g0-c0", "g0-c1", "g1-c0", "g1-c1", "g1-c2"),
        rows.stream().map(row -> row.path("id").asText()).toList());
    assertEquals(
        List.of("Survivor", "Skipped", "Scored", "Diverged", "Unfinished"),
        rows.stream().map(row -> row.path("verdict").asText()).toList());
    assertEquals(
        List.of("Baseline", "Control", "Crossover", "Random", "Random"),
        rows.stream().map(row -> row.path("operation").asText()).toList());
    JsonNode control = rows.get(1);
    assertEquals("DoubleBoxWeight", control.path("control").asText());
    assertEquals(2, control.path("regressionWeight").asDouble());
    assertEquals(0.125, control.path("AP").asDouble(), "of what was scored");
    JsonNode child = rows.get(2);
    assertEquals(1, child.path("generation").asInt());
    assertEquals(0, child.path("slot").asInt());
    assertEquals("[\"g0-c0\"]", child.path("parents").toString());
    assertEquals("Sub(1,Div(I,U))", child.path("regression").asText());
    assertFalse(child.has("classification"));
    assertEquals("Proxy", child.path("stage").asText());
    assertEquals(0.625, child.path("AP").asDouble());
    assertEquals(0.875, child.path("AP50").asDouble());
    assertEquals(81.5, child.path("seconds").asDouble());
    assertEquals(
        "{\"trial\":\"g1-c0-p1\",\"stage\":\"Proxy\",\"replicate\":1,\"outcome\":\"Scored\","
            + "\"AP\":0.75,\"AP50\":1.0,\"seconds\":41.5}",
        child.path("trials").get(1).toString().replaceFirst("\"seed\":\\d+,", ""));
    assertEquals(REASON, rows.get(3).path("failure").asText());
    // Blocks: all candidates share the seeds of their replicates.
    for (JsonNode row : rows) {
      assertEquals(
          rows.getFirst().at("/trials/1/seed").asLong(), row.at("/trials/1/seed").asLong());
    }
    assertFalse(rows.getLast().has("AP"));
    assertFalse(rows.getLast().at("/trials/0").has("outcome"));
  }

  @Test
  void aClusterIsReadBackFromCsv() throws Exception {
    Path kubeconfig = folder.resolve("kubeconfig");
    try (ApiServer server = open(folder.resolve("server"));
        KubernetesClient client = client(server)) {
      fill(client, 0, 0);
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: c, cluster: {server: "%s"}}]
          users: [{name: u, user: {token: "%s"}}]
          contexts: [{name: x, context: {cluster: c, user: u}}]
          current-context: x
          """
              .formatted(server.address(), server.token()));
      Ran lines = run("lab/cells", "--kubeconfig", kubeconfig);
      assertEquals(0, lines.code(), lines.err());
      assertRows(lines.out());
      Ran ran = run("lab/cells", "--kubeconfig", kubeconfig, "--format", "csv");
      assertEquals(0, ran.code(), ran.err());
      assertTable(parse(ran.out()));
      Ran other = run("lab/other", "--kubeconfig", kubeconfig);
      assertEquals("error: there is no LossSearch lab/other", other.err().strip());
      assertEquals(2, other.code());
    }
    Ran gone = run("lab/cells", "--kubeconfig", kubeconfig);
    assertTrue(gone.err().startsWith("error: the cluster does not answer: "), gone::err);
    assertEquals(1, gone.err().lines().count(), gone::err);
    assertEquals(1, gone.code());
  }

  private static void assertTable(List<List<String>> table) {
    assertEquals(
        "generation,slot,id,operation,control,parents,classification,regression,"
            + "classificationWeight,regressionWeight,learningRate,verdict,"
            + "stage,replicate,seed,outcome,AP,AP50,seconds,failure",
        String.join(",", table.getFirst()));
    assertEquals(1 + 5 * 2, table.size());
    List<String> child = new ArrayList<>(table.get(6));
    child.set(14, "SEED");
    assertEquals(
        List.of(
            "1",
            "0",
            "g1-c0",
            "Crossover",
            "",
            "g0-c0",
            "",
            "Sub(1,Div(I,U))",
            "1.0",
            "1.0",
            "1.0",
            "Scored",
            "Proxy",
            "1",
            "SEED",
            "Scored",
            "0.75",
            "1.0",
            "41.5",
            ""),
        child);
    assertEquals(REASON, table.get(8).getLast());
    assertTrue(table.stream().allMatch(row -> row.size() == 20), table::toString);
  }

  /** RFC 4180. */
  private static List<List<String>> parse(String text) {
    var table = new ArrayList<List<String>>();
    var row = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean twice = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (twice) {
          cell.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && (c == ',' || c == '\n')) {
        row.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          table.add(List.copyOf(row));
          row.clear();
        }
      } else {
        cell.append(c);
      }
    }
    return table;
  }

  private void assertDamaged(String line, Path work) {
    Path file = folder.resolve("rows.csv");
    Ran ran = run("--work", work, "--format", "csv", "--out", file);
    assertTrue(ran.err().strip().matches("error: the ledger is damaged: " + line), ran::err);
    assertEquals(1, ran.code());
    assertEquals("", ran.out());
    assertFalse(Files.exists(file), "nothing is written");
  }

  @Test
  void aMissingFirstSegmentIsSaidInOneLine() throws Exception {
    assertDamaged("segment 1: missing, found cells-[0-9a-f]{6}-l2", work(1, 0));
  }

  @Test
  void aMissingLastSegmentIsSaidInOneLine() throws Exception {
    assertDamaged("segment 2.*", work(2, 0));
  }

  @Test
  void aChangedSegmentIsSaidInOneLine() throws Exception {
    assertDamaged("segment 2: its digest does not fit its content", work(0, 2));
  }

  @Test
  void aDamagedJournalIsSaidInOneLine() throws Exception {
    Path work = work(0, 0);
    Path journal = RunOptions.journal(work).resolve("journal.jsonl");
    String text = Files.readString(journal);
    Files.writeString(journal, text.replaceFirst("\"cells\"", "\"sells\""));
    Ran ran = run("--work", work);
    assertTrue(ran.err().startsWith("error: " + journal + ": damaged at line "), ran::err);
    assertEquals(1, ran.err().lines().count(), ran::err);
    assertEquals(1, ran.code());
  }

  @Test
  void wrongUsageIsSaidInOneLine() throws Exception {
    assertUsage("expected NAMESPACE/NAME or --work DIR, found none", run());
    assertUsage("expected NAMESPACE/NAME or --work DIR, found both", run("a/b", "--work", folder));
    assertUsage("expected NAMESPACE/NAME, found cells", run("cells"));
    assertUsage("expected NAMESPACE/NAME, found a/b/c", run("a/b/c"));
    assertUsage(
        "--work " + folder + ": expected the work folder of a run, there is no api/journal.jsonl",
        run("--work", folder));
    Path missing = folder.resolve("missing");
    assertUsage(
        "--kubeconfig " + missing + ": expected a file, there is none",
        run("a/b", "--kubeconfig", missing));
    assertTrue(run("--work", folder, "--format", "xml").err().contains("expected jsonl or csv"));
    Path work = folder.resolve("empty");
    open(work).close();
    assertUsage("--work " + work + ": holds no LossSearch", run("--work", work));
    try (ApiServer _ = open(work)) {
      Ran used = run("--work", work);
      assertTrue(used.err().contains("in use by another process"), used::err);
      assertEquals(1, used.code());
    }
  }

  private static void assertUsage(String line, Ran ran) {
    ran.assertUsage(line);
  }
}
