package dev.autoloss.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.document.Document;
import dev.autoloss.api.document.DocumentException;
import dev.autoloss.api.document.DocumentReader;
import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictDocuments;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictScore;
import dev.autoloss.local.verdict.Verdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan} and {@code verify}, with a shell script as trainer. */
class EvidenceCommandsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SEARCH =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: LossSearch
      metadata: {name: small}
      spec:
        seed: 5
        detector: {backbone: Small}
        dataset: {source: {shapes: {trainImages: 90}}}
        evolution: {generations: 3, candidates: 500, trained: 10, parents: 2, replicates: 2}
        training: {accelerator: {count: 0, cpuThreads: 1}, schedule: {epochs: 6, batchSize: 8}}
        trials: {parallelism: 4}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void standIn() {
    System.setProperty(
        "autoloss.trainer",
        "bash " + Path.of("src/test/resources/fake-trainer.sh").toAbsolutePath());
  }

  @AfterEach
  void noStandIn() {
    System.clearProperty("autoloss.trainer");
  }

  private static Ran run(Object... arguments) {
    return Ran.command(arguments);
  }

  private Path search() throws IOException {
    return Files.writeString(folder.resolve("search.yaml"), SEARCH);
  }

  private static void assertUsage(String line, Ran ran) {
    ran.assertUsage(line);
  }

  @Test
  void plansWithTheSpeedThatIsGiven() throws IOException {
    Ran ran = run("plan", search(), "--step-seconds", "0.5", "--sigma", "0.011", "--json");
    assertEquals(0, ran.code(), ran.err());
    JsonNode plan = MAPPER.readTree(ran.out());
    // 90 images in batches of 8 are 12 steps; 6 epochs at .5 s a step are 36 s.
    JsonNode proxy = plan.at("/stages/1");
    assertEquals("proxy", proxy.path("stage").asText());
    assertEquals(36, proxy.path("seconds").asDouble(), 1e-9);
    assertEquals(3 * 10 * 2, proxy.path("trainings").asInt());
    assertEquals(62, plan.path("trainings").asInt());
    assertEquals(62 * 36 / 3600.0, plan.path("trainerHours").asDouble(), 1e-9);
    // Four at once: one wave for the two of the baseline, five for the twenty of a generation.
    assertEquals((1 + 3 * 5) * 36 / 3600.0, plan.path("wallClockHours").asDouble(), 1e-9);
    assertEquals(17, plan.at("/detectable/seedsForOnePoint").asInt());
    assertEquals(30, plan.at("/detectable/candidates").asInt());
  }

  /** Rungs, controls and a race: 3 × 2, 2 × 6, 2 × (4 + 2), 3 × 3 and 3 × 3 trainings. */
  @Test
  void plansTheWholeProcedure() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("whole.yaml"),
            """
            apiVersion: autoloss.dev/v1alpha1
            kind: LossSearch
            metadata: {name: whole}
            spec:
              dataset:
                source: {persistentVolumeClaim: {claimName: d}}
                train: {annotations: train.json, images: i}
                validation: {annotations: v.json, images: i}
                test: {annotations: t.json, images: i}
              evolution:
                {generations: 2, candidates: 2000, simulated: 6, trained: 4, parents: 2,
                 replicates: 2, racing: 0.5, controls: [DoubleBoxWeight, HalfLearningRate]}
              simulation: {imagesPerCategory: 2, schedule: {epochs: 10, batchSize: 3}}
              training: {schedule: {epochs: 6, batchSize: 8}}
              finalists: {count: 1, seeds: 3, controls: 1, schedule: {epochs: 24}}
            """);
    Files.writeString(
        folder.resolve("train.json"),
        "{\"images\": [%s{}], \"x\": [{\"images\": [1]}], \"categories\": [{}, {}, {}]}"
            .formatted("{\"id\": [7]}, ".repeat(79)));
    Ran ran =
        run("plan", file, "--step-seconds", "1", "--data", folder, "--sigma", "0.01", "--json");
    assertEquals(0, ran.code(), ran.err());
    JsonNode plan = MAPPER.readTree(ran.out());
    assertEquals(
        List.of(
            "controls 6 60.0",
            "simulation 12 7.5",
            "proxy 12 60.0",
            "finalists 9 240.0",
            "test 9 240.0"),
        plan.path("stages")
            .valueStream()
            .map(
                stage ->
                    stage.path("stage").asText()
                        + " "
                        + stage.path("trainings").asInt()
                        + " "
                        + stage.path("seconds").asDouble())
            .toList());
    // Three seeds: noncentral t with two degrees of freedom, as SciPy solves it.
    assertEquals(0.03248837132422209, plan.at("/detectable/gainInVerdict").asDouble(), 1e-7);
    assertTrue(
        run("plan", file, "--step-seconds", "1", "--data", folder)
            .out()
            .contains("verdict     with 3 seeds a true gain of "));
  }

  @Test
  void plansWithTheSpeedOfAShortTraining() throws IOException {
    Ran ran = run("plan", search());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("measured here on CPU in 6 of the 6 steps"), ran.out());
    assertTrue(ran.out().contains("noise       AP differs by 0.0110 from seed to seed: an assum"));
    assertTrue(ran.out().contains("at most                            62"), ran.out());
  }

  @Test
  void plansWithFinishedTrainings() throws IOException {
    result("small-0a1b2c-g0-c0-p0", .36, 60);
    result("small-0a1b2c-g0-c0-p1", .38, 66);
    result("small-0a1b2c-g1-c3-p0", .5, 90);
    Files.writeString(folder.resolve("work/trials/small-0a1b2c-g1-c3-p0/result.json.tmp"), "{");
    Path damaged = Files.createDirectories(folder.resolve("work/trials/small-0a1b2c-g1-c4-p0"));
    Files.writeString(damaged.resolve("result.json"), "{\"outcome\":");
    Ran ran = run("plan", search(), "--work", folder.resolve("work"), "--json");
    assertEquals(0, ran.code(), ran.err());
    JsonNode plan = MAPPER.readTree(ran.out());
    assertEquals(72, plan.at("/stages/0/seconds").asDouble(), 1e-9);
    assertEquals(.02 / Math.sqrt(2), plan.path("sigma").asDouble(), 1e-12);
  }

  private void result(String name, double ap, int seconds) throws IOException {
    Path trial = Files.createDirectories(folder.resolve("work/trials").resolve(name));
    Files.writeString(
        trial.resolve("result.json"),
        """
        {"outcome":"Scored","specHash":"h","seed":1,"dataDigest":"d","metrics":{"AP":%s,"AP50":0,
        "AP75":0,"APs":0,"APm":0,"APl":0,"AR1":0,"AR10":0,"AR100":0,"ARs":0,"ARm":0,"ARl":0},
        "seconds":%d,"device":"none"}
        """
            .formatted(ap, seconds));
  }

  @Test
  void wrongUseOfPlanIsOneLine() throws IOException {
    Path file = search();
    assertUsage(
        "--step-seconds: expected a number above 0, found 0.0",
        run("plan", file, "--step-seconds", "0"));
    assertUsage(
        "--sigma: expected a number above 0, found NaN", run("plan", file, "--sigma", "NaN"));
    assertUsage("--images: expected only with --step-seconds", run("plan", file, "--images", "5"));
    Path nowhere = folder.resolve("nowhere");
    assertUsage(
        "--work " + nowhere + ": expected a folder, there is none",
        run("plan", file, "--work", nowhere));
    assertUsage(
        "--work " + folder + ": expected finished trainings, found none",
        run("plan", file, "--work", folder));
    Files.writeString(
        file,
        SEARCH.replace(
            "{shapes: {trainImages: 90}}}",
            "{persistentVolumeClaim: {claimName: data}}, train: {annotations: a, images: b},"
                + " validation: {annotations: a, images: b}}"));
    assertUsage(
        "--images or --data: expected with --step-seconds, the document does not say how many images"
            + " there are",
        run("plan", file, "--step-seconds", "1"));
    Ran given = run("plan", file, "--step-seconds", "1", "--images", "9", "--json");
    assertEquals(12, MAPPER.readTree(given.out()).at("/stages/0/seconds").asDouble(), 1e-9);
  }

  @Test
  void aMeasurementThatFailsSaysWhy() throws IOException {
    Files.writeString(
        folder.resolve("trainer.sh"),
        "while [ $# -gt 0 ]; do [ \"$1\" = --message ] && echo 'a.json: broken' >\"$2\"; shift;"
            + " done; exit 21");
    System.setProperty("autoloss.trainer", "bash " + folder.resolve("trainer.sh"));
    assertUsage("measuring the speed: a.json: broken", run("plan", search()));
  }

  private static DetectorTrainingSpec training(String loss) throws DocumentException {
    Document document =
        DocumentReader.read(
            "test",
            """
            apiVersion: autoloss.dev/v1alpha1
            kind: DetectorTraining
            metadata: {name: one}
            spec:
              detector: {backbone: Small}
              dataset: {source: {shapes: {}}}
              loss: %s
            """
                .formatted(loss));
    return Objects.requireNonNull(((Document.Training) document).resource().getSpec(), "spec");
  }

  private static VerdictArm arm(String name, String loss, double... scores)
      throws DocumentException {
    var empty = new VerdictArm(name, training(loss), List.of());
    var all = new ArrayList<VerdictScore>();
    for (int i = 0; i < scores.length; i++) {
      all.add(
          new VerdictScore(i, SpecHash.of(empty.training(i)), Outcome.SCORED, scores[i], "none"));
    }
    return new VerdictArm(name, empty.training(), all);
  }

  private Path verdict(VerdictArm finalist, VerdictArm control)
      throws DocumentException, IOException {
    var contest = Verdicts.contest(List.of(finalist), List.of(control), false, .05);
    Path file = folder.resolve("verdict.json");
    VerdictDocuments.write(
        file,
        new VerdictFile(
            VerdictFile.FORMAT,
            "0.1.0",
            "small",
            5,
            null,
            null,
            null,
            false,
            .05,
            List.of(finalist),
            List.of(control),
            Verdicts.result(contest.verdict())));
    return file;
  }

  @Test
  void verifiesAndTrainsAgain() throws DocumentException, IOException {
    Path file =
        verdict(
            arm("g1-c0", "{regression: {catalogue: GIoU}}", .4, .41, .42),
            arm("g0-c0", "{}", .3, .32, .31));
    Ran ran = run("verify", file);
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().startsWith("verdict        Unconfirmed: the scores are of"), ran.out());
    assertTrue(
        ran.out().endsWith("checked        hashes, conditions and statistics are as written\n"));
    Path work = folder.resolve("again");
    Ran trained = run("verify", file, "--train", "--work", work, "--json");
    assertEquals(0, trained.code(), trained.out() + trained.err());
    JsonNode again = MAPPER.readTree(trained.out()).path("retrained");
    assertEquals("NoTestSplit", again.path("reason").asText());
    double gain = 0;
    for (int seed = 0; seed < 3; seed++) {
      gain += (ap(work, "g1-c0-" + seed) - ap(work, "g0-c0-" + seed)) / 3;
    }
    assertEquals(gain, again.at("/comparison/gain").asDouble(), 1e-12);
    Ran told = run("verify", file, "--train", "--work", work);
    assertTrue(told.out().contains("training       g1-c0-0"), told.out());
    assertTrue(told.out().endsWith("trained again  the new scores give the same verdict\n"));
  }

  private static double ap(Path work, String training) throws IOException {
    return MAPPER
        .readTree(work.resolve(training).resolve("result.json").toFile())
        .at("/metrics/AP")
        .asDouble();
  }

  @Test
  void otherDataIsNotTheSameVerdict() throws DocumentException, IOException {
    Path file = verdict(arm("g1-c0", "{}", .4, .41, .42), arm("g0-c0", "{}", .3, .32, .31));
    Files.writeString(file, Files.readString(file).replace("\"none\"", "\"d1\""));
    assertUsage(
        "g1-c0-0: expected the data with digest d1, found none",
        run("verify", file, "--train", "--work", folder.resolve("again")));
  }

  @Test
  void aForgedVerdictIsFoundOut() throws DocumentException, IOException {
    Path file =
        verdict(
            arm("g1-c0", "{regression: {catalogue: GIoU}}", .4, .41, .42),
            arm("g0-c0", "{}", .3, .32, .31));
    ObjectNode forged = (ObjectNode) MAPPER.readTree(file.toFile());
    ((ObjectNode) ((ArrayNode) forged.at("/finalists/0/scores")).get(1)).put("ap", .5);
    ((ObjectNode) forged.get("verdict")).put("result", "Confirmed").remove("reason");
    Files.writeString(file, forged.toString());
    Path work = folder.resolve("again");
    Ran ran = run("verify", file, "--train", "--work", work);
    assertEquals(1, ran.code());
    assertTrue(
        ran.out()
            .contains(
                "contradiction  verdict.result: the scores give Unconfirmed, found Confirmed"),
        ran.out());
    assertFalse(Files.exists(work), "nothing is trained for a forged file");
    assertUsage(
        folder.resolve("x") + ": expected a verdict file, there is none",
        run("verify", folder.resolve("x")));
    assertUsage(
        "--data and --work: expected only with --train", run("verify", file, "--work", work));
  }
}
