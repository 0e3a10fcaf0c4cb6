package dev.autoloss.local;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, killed and stopped. */
class RunTest {
  private static final long SEED = 20261125;
  private static final int KILLS = 5;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String SEARCH =
      """
      apiVersion: autoloss.dev/v1alpha1
      kind: LossSearch
      metadata: {name: small}
      spec:
        seed: 5
        detector: {backbone: Small}
        dataset: {source: {shapes: {}}}
        evolution: {generations: 2, candidates: 500, trained: 4, parents: 2}
        training: {accelerator: {count: 0, cpuThreads: 1}}
      """;

  @TempDir private Path folder;

  private Path folder(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    Files.writeString(made.resolve("search.yaml"), SEARCH);
    return made;
  }

  private static Program run(Path folder) throws IOException {
    return new Program(folder, "run", "search.yaml", "--json", "--parallel", "2");
  }

  private static JsonNode last(String out) throws IOException {
    return MAPPER.readTree(out.lines().reduce((first, second) -> second).orElse("{}"));
  }

  /** What was trained: losses by trial. */
  private static Map<String, String> population(Path folder) throws IOException {
    var population = new TreeMap<String, String>();
    for (Path trial : trials(folder)) {
      population.put(
          trial.getFileName().toString().replaceFirst("^small-[0-9a-f]+-", ""),
          Files.readString(trial.resolve("loss")));
    }
    return population;
  }

  private static List<Path> trials(Path folder) throws IOException {
    Path trials = folder.resolve(".autoloss/small/trials");
    if (!Files.exists(trials)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(trials)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static List<String> starts(Path trial) throws IOException {
    Path file = trial.resolve("started");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static void assertNoOrphan(Path folder) throws IOException {
    var alive = new HashSet<Long>();
    for (Path trial : trials(folder)) {
      starts(trial).stream()
          .map(Long::valueOf)
          .filter(pid -> isTrainer(pid, trial))
          .forEach(alive::add);
    }
    assertEquals(Set.of(), alive, "trainers that outlived the program");
  }

  /** A pid may belong to somebody else by now. */
  private static boolean isTrainer(long pid, Path trial) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> process.info().commandLine().orElse(""))
        .filter(command -> command.contains(trial.toString()))
        .isPresent();
  }

  @Test
  void killedAtRandomMomentsItEndsAsIfNothingHadHappened() throws Exception {
    Path calm = folder("calm");
    Program.End undisturbed = run(calm).end();
    assertEquals(0, undisturbed.exitCode(), undisturbed::toString);
    assertEquals(9, population(calm).size(), () -> undisturbed.out());

    Path killed = folder("killed");
    RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    var recorded = new TreeMap<Path, List<String>>();
    for (int kill = 0; kill < KILLS; kill++) {
      Program program = run(killed);
      // Some kills hit the start, some the trials, some the moment between two generations.
      boolean ended = program.process().waitFor(chance.nextLong(800, 9000), TimeUnit.MILLISECONDS);
      program.process().destroyForcibly().waitFor();
      await().atMost(Duration.ofSeconds(6)).untilAsserted(() -> assertNoOrphan(killed));
      for (Path trial : trials(killed)) {
        if (isRecorded(killed, trial)) {
          recorded.putIfAbsent(trial, starts(trial));
        }
      }
      assertTrue(!ended || program.end().exitCode() == 0, () -> "seed " + SEED);
    }
    Program.End end = run(killed).end();
    assertEquals(0, end.exitCode(), () -> "seed " + SEED + ": " + end);
    assertEquals(population(calm), population(killed), () -> "seed " + SEED);
    for (String field : List.of("best", "baseline")) {
      assertEquals(
          last(undisturbed.out()).path(field), last(end.out()).path(field), () -> "seed " + SEED);
    }
    for (Map.Entry<Path, List<String>> trial : recorded.entrySet()) {
      assertEquals(
          trial.getValue(), starts(trial.getKey()), "trained again after its result was recorded");
    }
    assertNoOrphan(killed);
    assertTrue(Files.readString(killed.resolve(".autoloss/small/report.html")).contains("<html"));
  }

  private static boolean isRecorded(Path folder, Path trial) throws IOException {
    String name = "\"name\":\"" + trial.getFileName() + "\"";
    Path journal = folder.resolve(".autoloss/small/api/journal.jsonl");
    try (Stream<String> lines = Files.lines(journal)) {
      return lines.anyMatch(
          line ->
              line.contains("\"kind\":\"DetectorTraining\"")
                  && line.contains(name)
                  && line.contains("\"outcome\":\"Scored\""));
    }
  }

  @Test
  void wrongDataIsTheUsersToMend() throws Exception {
    Path wrong = folder("wrong");
    Files.createDirectories(wrong.resolve(".autoloss/small/trials"));
    Files.createFile(wrong.resolve(".autoloss/small/trials/wrong-data"));
    Program.End end = run(wrong).end();
    assertEquals(2, end.exitCode(), end::toString);
    assertTrue(
        end.err()
            .strip()
            .matches(
                "error: trial g\\d-c\\d-p0: annotations/train.json: annotations\\[3\\].bbox:"
                    + " expected a width above 0"
                    + " \\(to begin anew, delete \\S+ or give another --work\\)"),
        end::err);
    assertNoOrphan(wrong);
  }

  @Test
  void stoppedItSaysSoAndGoesOnLater() throws Exception {
    Path stopped = folder("stopped");
    Program first = run(stopped);
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> first.out().contains("\"event\":\"started\""));
    // SIGTERM, as Ctrl-C.
    first.process().destroy();
    Program.End end = first.end();
    assertEquals(130, end.exitCode(), end::toString);
    assertEquals("Stopped; run the same command again to go on", end.err().strip());
    assertNoOrphan(stopped);
    Program.End second = run(stopped).end();
    assertEquals(0, second.exitCode(), second::toString);
    assertTrue(second.out().startsWith("{\"event\":\"resumed\""), second::out);
    Program.End third = run(stopped).end();
    assertEquals(0, third.exitCode(), third::toString);
    assertFalse(third.out().contains("\"started\""), "a complete search is only shown");

    int before = population(stopped).size();
    Files.writeString(
        stopped.resolve("search.yaml"), SEARCH.replace("generations: 2", "generations: 3"));
    Program.End raised = run(stopped).end();
    assertEquals(0, raised.exitCode(), raised::toString);
    assertTrue(population(stopped).size() > before, "what may be edited is gone on with");

    Files.writeString(stopped.resolve("search.yaml"), SEARCH.replace("seed: 5", "seed: 6"));
    Program.End other = run(stopped).end();
    assertEquals(2, other.exitCode(), other::toString);
    assertEquals(
        "error: LossSearch small was begun with another spec: spec.seed was 5, is 6; take another"
            + " folder with --work",
        other.err().strip());
  }
}
