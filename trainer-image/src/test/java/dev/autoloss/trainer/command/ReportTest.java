package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Report report(Path message) {
    return new Report(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        Optional.of(message),
        new ObjectMapper());
  }

  private static TrialResult result(String message) {
    return new TrialResult(
        Outcome.DIVERGED, "f".repeat(64), 1, "0".repeat(64), null, 1.5, "CPU", message);
  }

  @Test
  void aLongReasonIsCutAndTheMessageStaysJson() throws IOException {
    Path file = folder.resolve("message");
    for (String reason : new String[] {"x".repeat(5000), "\n\"".repeat(800), "é".repeat(900)}) {
      report(file).result(result(reason));
      assertTrue(Files.size(file) <= 1024, () -> "too long for " + reason.substring(0, 2));
      TrialResult read = new ObjectMapper().readValue(file.toFile(), TrialResult.class);
      assertEquals(Outcome.DIVERGED, read.outcome());
      assertTrue(read.message().endsWith("…"));
    }
  }

  @Test
  void aLongLineIsCutBetweenCharacters() throws IOException {
    Path file = folder.resolve("message");
    report(file).failure("a" + "é".repeat(1000));
    assertEquals("a" + "é".repeat(511), Files.readString(file));
  }

  @Test
  void linesOnStdoutAreOneObjectEach() throws IOException {
    Report report = report(folder.resolve("message"));
    report.progress(new Progress(1, 2, 3, 4, .5, null, null, .1, 9));
    report.result(result("why"));
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertEquals(3, lines.length);
    assertEquals(
        3, new ObjectMapper().readTree(lines[0]).get("progress").get("iteration").intValue());
    assertEquals(
        "why", new ObjectMapper().readTree(lines[1]).get("result").get("message").textValue());
  }

  @Test
  void aFullDiskIsNamed() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    assertEquals(
        "/dev/full: No space left on device",
        assertThrows(IOException.class, () -> report(full).result(result("why"))).getMessage());
  }
}
