package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.trainer.TrainerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that are killed, stopped and starved of disk: what is left, and where they go on. */
class ResumeProcessTest {
  private static final int EPOCHS = 12;
  private static final int STEPS = 16 * EPOCHS;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();
  private final DetectorTrainingSpec spec =
      TrainingDocuments.kept(
          TrainingDocuments.spec(TrainingDocuments.shapes(64, 8), EPOCHS, 0, 0), 7);

  @AfterEach
  void endWhatWasStarted() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String work, String... before) throws IOException {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            TrainerMain.class.getName(),
            "train",
            "--work",
            folder.resolve(work).toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(TrainingDocument.VARIABLE, TrainingDocuments.json(spec));
    builder.redirectError(folder.resolve("stderr").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static void awaitStep(Process process, int step) throws IOException {
    BufferedReader out = process.inputReader();
    JsonNode progress;
    do {
      progress = new ObjectMapper().readTree(out.readLine()).get("progress");
    } while (progress.get("iteration").intValue() < step);
    assertTrue(progress.get("iteration").intValue() < STEPS, progress.toString());
  }

  private int exitCode(Process process) throws Exception {
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    return process.exitValue();
  }

  private byte[] finish(String work) throws Exception {
    Process process = start(work);
    process.getInputStream().readAllBytes();
    assertEquals(0, exitCode(process), Files.readString(folder.resolve("stderr")));
    assertFalse(Files.exists(state(work)));
    return Files.readAllBytes(folder.resolve(work).resolve("checkpoint.safetensors"));
  }

  private Path state(String work) {
    return folder.resolve(work).resolve("training.safetensors");
  }

  private long stepsInLog(String work) throws IOException {
    String log = Files.readString(folder.resolve(work).resolve("trainer.log"));
    return Long.parseLong(log.substring(log.lastIndexOf(' ')).strip());
  }

  @Test
  void killedAndStoppedTrainingsEndInTheSameBits() throws Exception {
    byte[] undisturbed = finish("undisturbed");

    Process killed = start("killed");
    awaitStep(killed, 14);
    killed.destroyForcibly();
    assertEquals(137, exitCode(killed));
    assertTrue(Files.exists(state("killed")));
    Process killedAgain = start("killed");
    awaitStep(killedAgain, 60);
    killedAgain.destroyForcibly();
    assertEquals(137, exitCode(killedAgain));
    assertArrayEquals(undisturbed, finish("killed"));
    assertTrue(stepsInLog("killed") >= 56 && stepsInLog("killed") % 7 == 0);

    Process stopped = start("stopped");
    awaitStep(stopped, 10);
    stopped.destroy();
    assertEquals(143, exitCode(stopped));
    assertArrayEquals(undisturbed, finish("stopped"));
    assertTrue(stepsInLog("stopped") >= 10);
  }

  @Test
  void aDamagedStateIsNotedAndTheTrainingStartsAnew() throws Exception {
    Files.createDirectories(folder.resolve("damaged"));
    Files.write(state("damaged"), new byte[] {1, 2, 3});
    Process process = start("damaged");
    awaitStep(process, 1);
    process.destroyForcibly();
    exitCode(process);
    String log = Files.readString(folder.resolve("damaged/trainer.log"), StandardCharsets.UTF_8);
    assertEquals(
        state("damaged") + ": expected at least 8 bytes, but there are 3: it is not used",
        log.strip());
  }

  @Test
  void aDiskThatIsFullLeavesTheOldStateAndNothingHalfWritten() throws Exception {
    Process process = start("full");
    // The state of step 7 is kept after that step is told.
    awaitStep(process, 8);
    process.destroyForcibly();
    exitCode(process);
    byte[] old = Files.readAllBytes(state("full"));
    // A limit of a file's size stands for a full disk: the write fails in the middle.
    Process limited = start("full", "bash", "-c", "ulimit -f 1000; exec \"$@\"", "limited");
    limited.getInputStream().readAllBytes();
    assertEquals(1, exitCode(limited));
    assertEquals(
        state("full") + ": File too large", Files.readString(folder.resolve("stderr")).strip());
    assertArrayEquals(old, Files.readAllBytes(state("full")));
    assertFalse(Files.exists(folder.resolve("full/training.safetensors.part")));
  }
}
