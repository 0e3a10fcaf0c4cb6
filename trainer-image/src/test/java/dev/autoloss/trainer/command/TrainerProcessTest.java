package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.TrialResult;
import dev.autoloss.trainer.TrainerMain;
import dev.autoloss.trainer.shapes.ShapesFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer as others see it: a process with a document, files, lines and an exit code. */
class TrainerProcessTest {
  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(DetectorTrainingSpec spec, String... options) throws IOException {
    return start(TrainingDocuments.json(spec), options);
  }

  private Process start(String document, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                TrainerMain.class.getName(),
                "train",
                "--work",
                folder.resolve("work").toString(),
                "--message",
                folder.resolve("message").toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(TrainingDocument.VARIABLE, document);
    builder.redirectError(folder.resolve("stderr").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private int exitCode(Process process) throws Exception {
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running: " + errors());
    return process.exitValue();
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("stderr"));
  }

  private String message() throws IOException {
    return Files.readString(folder.resolve("message"));
  }

  private void assertOneLine(String expected) throws IOException {
    assertEquals(expected, errors().strip());
    assertEquals(expected, message());
  }

  private static String read(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aResultIsReportedEverywhereAndAgainWithoutTraining() throws Exception {
    DetectorTrainingSpec spec = TrainingDocuments.spec(TrainingDocuments.shapes(8, 4), 2, 0, 0);
    Process process = start(spec);
    String out = read(process);
    assertEquals(0, exitCode(process), errors());
    List<String> lines = out.lines().toList();
    ObjectMapper mapper = new ObjectMapper();
    JsonNode progress = mapper.readTree(lines.get(lines.size() - 2)).get("progress");
    assertEquals(4, progress.get("iteration").intValue());
    assertEquals(4, progress.get("iterations").intValue());
    TrialResult result = mapper.readValue(folder.resolve("message").toFile(), TrialResult.class);
    assertEquals(Outcome.SCORED, result.outcome());
    assertEquals(
        result,
        mapper.treeToValue(mapper.readTree(lines.getLast()).get("result"), TrialResult.class));
    assertEquals(
        result, mapper.readValue(folder.resolve("work/result.json").toFile(), TrialResult.class));
    assertTrue(Files.size(folder.resolve("work/checkpoint.safetensors")) > 100_000);
    assertTrue(mapper.readTree(folder.resolve("work/detections.json").toFile()).isArray());
    assertEquals("", errors());

    Files.delete(folder.resolve("work/checkpoint.safetensors"));
    Process again = start(spec);
    assertEquals(lines.getLast(), read(again).strip());
    assertEquals(0, exitCode(again));
    assertFalse(Files.exists(folder.resolve("work/checkpoint.safetensors")));
  }

  @Test
  void eventsAreWrittenWhereTheyAreAskedForAlone() throws Exception {
    DetectorTrainingSpec spec = TrainingDocuments.spec(TrainingDocuments.shapes(4, 4), 1, 0, 0);
    Process process = start(spec, "--tensorboard", "--metrics-port", "0");
    read(process);
    assertEquals(0, exitCode(process), errors());
    try (Stream<Path> files = Files.list(folder.resolve("work/tensorboard"))) {
      List<Path> events = files.toList();
      assertEquals(1, events.size());
      assertTrue(Files.size(events.getFirst()) > 100, events.toString());
    }
  }

  /** Its threshold is passed by anything that is found, long before the last step. */
  @Test
  void aSimulationEndsWhenItHasPassed() throws Exception {
    DetectorTrainingSpec proxy =
        TrainingDocuments.spec(TrainingDocuments.shapes(4, 4), 300, 0, 1e-6);
    DetectorTrainingSpec simulation =
        new DetectorTrainingSpec(
            proxy.detector(),
            proxy.dataset(),
            proxy.loss(),
            proxy.schedule(),
            proxy.seed(),
            proxy.accelerator(),
            Split.TRAIN,
            proxy.acceptance(),
            proxy.retries(),
            proxy.deadlines(),
            proxy.scheduling(),
            proxy.pod(),
            proxy.checkpoint());
    Process process = start(simulation);
    List<String> lines = read(process).lines().toList();
    assertEquals(0, exitCode(process), errors());
    JsonNode progress = new ObjectMapper().readTree(lines.get(lines.size() - 2)).get("progress");
    assertEquals(300, progress.get("iterations").intValue());
    assertTrue(progress.get("iteration").intValue() < 300, progress.toString());
    assertTrue(lines.getLast().contains("\"Scored\""), lines.getLast());
    assertFalse(Files.exists(folder.resolve("work/tensorboard")));
    assertFalse(Files.exists(folder.resolve("work/training.safetensors")));
  }

  @Test
  void belowTheAcceptedApIsRejected() throws Exception {
    DetectorTrainingSpec spec = TrainingDocuments.spec(TrainingDocuments.shapes(4, 4), 1, 0, 1);
    Process process = start(spec, "--command-line-codes");
    read(process);
    assertEquals(11, exitCode(process), errors());
    assertTrue(message().contains("is below the accepted 1.0000"), message());
  }

  @Test
  void theEndOfStdinStopsItWithinFiveSeconds() throws Exception {
    Process process =
        start(
            TrainingDocuments.spec(TrainingDocuments.shapes(64, 4), 1000, 0, 0),
            "--end-with-stdin");
    BufferedReader out = process.inputReader();
    assertTrue(out.readLine().startsWith("{\"progress\""));
    long closed = System.nanoTime();
    process.getOutputStream().close();
    assertEquals(143, exitCode(process), errors());
    assertTrue(System.nanoTime() - closed < 5_000_000_000L);
    assertOneLine("stopped before the end");
    assertFalse(Files.exists(folder.resolve("work/result.json")));
  }

  @Test
  void aSignalStopsItWithinFiveSeconds() throws Exception {
    Process process = start(TrainingDocuments.spec(TrainingDocuments.shapes(64, 4), 1000, 0, 0));
    BufferedReader out = process.inputReader();
    assertTrue(out.readLine().startsWith("{\"progress\""));
    long sent = System.nanoTime();
    process.destroy();
    assertEquals(143, exitCode(process), errors());
    assertTrue(System.nanoTime() - sent < 5_000_000_000L);
    assertFalse(Files.exists(folder.resolve("work/result.json")));
  }

  @Test
  void aWrongDocumentExitsWith20() throws Exception {
    String document =
        TrainingDocuments.json(TrainingDocuments.spec(TrainingDocuments.shapes(8, 4), 2, 0, 0));
    Process process = start(document.replace("\"epochs\":2", "\"epochs\":0"));
    assertEquals(20, exitCode(process));
    assertOneLine(
        "AUTOLOSS_TRAINING: spec.schedule.epochs: expected at least 1 and at most 1000, but it is"
            + " 0");
  }

  @Test
  void wrongDataExitsWith21() throws Exception {
    DetectorTrainingSpec spec = TrainingDocuments.spec(TrainingDocuments.FILES, 1, 0, 0);
    Path data = folder.resolve("data");
    Process missing = start(spec, "--data", data.toString());
    assertEquals(21, exitCode(missing));
    assertOneLine("annotations/train.json: expected a COCO JSON file, but there is no such file");
    ShapesFolder.write(new ShapesSource(1, 4, 2, 64, 64), data);
    Files.writeString(data.resolve("images/train-00002.png"), "no image");
    Process broken = start(spec, "--data", data.toString());
    read(broken);
    assertEquals(21, exitCode(broken), errors());
    assertOneLine("images/train-00002.png: expected an image, but its format is not known");
    Files.delete(data.resolve("images/train-00002.png"));
    Process gone = start(spec, "--data", data.toString());
    assertEquals(21, exitCode(gone), errors());
    assertOneLine("images/train-00002.png: expected an image file, but there is no such file");
  }

  @Test
  void tooLittleMemoryExitsWith22() throws Exception {
    // 128 images of 1024 × 1024 pixels are 1.5 GiB of floats, more than the heap.
    DetectorTrainingSpec small = TrainingDocuments.spec(TrainingDocuments.shapes(300, 4), 1, 0, 0);
    String json = TrainingDocuments.json(small);
    assertTrue(json.contains("\"batchSize\":4"));
    DetectorTrainingSpec large =
        new ObjectMapper()
            .readValue(
                json.replace("\"batchSize\":4", "\"batchSize\":128")
                    .replace(
                        "\"shortSide\":64,\"longSide\":64", "\"shortSide\":1024,\"longSide\":1024"),
                TrainingDocument.class)
            .spec();
    Process process = start(large);
    read(process);
    assertEquals(22, exitCode(process), errors());
    assertTrue(message().startsWith("out of memory: "), message());
    assertEquals(1, errors().lines().count(), errors());
  }

  @Test
  void aMissingGpuIsSaidInOneLineAndCpuTakesItsPlaceOnRequest() throws Exception {
    DetectorTrainingSpec spec = TrainingDocuments.spec(TrainingDocuments.shapes(4, 4), 1, 1, 0);
    if (!Files.exists(Path.of("/dev/nvidiactl"))) {
      Process process = start(spec);
      assertEquals(1, exitCode(process));
      assertOneLine("spec.accelerator.count: is 1, but there are 0 GPUs here; 0 trains on CPU");
    }
    Process onCpu = start(spec, "--cpu");
    read(onCpu);
    assertEquals(0, exitCode(onCpu), errors());
    assertTrue(message().contains("CPU"), message());
  }
}
