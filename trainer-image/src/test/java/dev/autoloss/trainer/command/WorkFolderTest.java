package dev.autoloss.trainer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir Path folder;

  private WorkFolder work() throws IOException {
    return new WorkFolder(folder.resolve("work"), new ObjectMapper());
  }

  private static TrialResult result(Outcome outcome, double ap) {
    return new TrialResult(
        outcome,
        "hash",
        7,
        "digest",
        new Metrics(ap, .1, .2, -1, -1, -1, .1, .1, .1, -1, -1, -1),
        3,
        "CPU",
        null);
  }

  @Test
  void findsAMatchingResultAndNoOther() throws IOException {
    TrialResult result = result(Outcome.SCORED, .25);
    assertEquals(Optional.empty(), work().earlierResult("hash", 7));
    work().writeResult(result);
    assertEquals(Optional.of(result), work().earlierResult("hash", 7));
    assertEquals(Optional.empty(), work().earlierResult("other", 7));
    assertEquals(Optional.empty(), work().earlierResult("hash", 8));
    assertTrue(
        Files.readString(folder.resolve("work/trainer.log")).contains("is of another training"));
    work().writeResult(result(Outcome.LOST, .25));
    assertEquals(Optional.empty(), work().earlierResult("hash", 7));
    work().writeResult(result(Outcome.SCORED, Double.NaN));
    assertEquals(Optional.empty(), work().earlierResult("hash", 7));
  }

  @Test
  void aDamagedResultIsNotedAndIgnored() throws IOException {
    work().writeResult(result(Outcome.SCORED, .25));
    Path file = folder.resolve("work/result.json");
    String whole = Files.readString(file);
    for (int end = 0; end < whole.length(); end++) {
      Files.writeString(file, whole.substring(0, end));
      assertEquals(Optional.empty(), work().earlierResult("hash", 7), "cut at " + end);
    }
    for (String other : new String[] {"null", "[]", "{}", "{\"outcome\":\"Best\"}", "\0"}) {
      Files.writeString(file, other);
      assertEquals(Optional.empty(), work().earlierResult("hash", 7), other);
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
    WorkFolder work = work();
    work.write("a.json", out -> out.write(1));
    IOException failed =
        assertThrows(
            IOException.class,
            () ->
                work.write(
                    "a.json",
                    out -> {
                      out.write(2);
                      throw new IOException("No space left on device");
                    }));
    Path file = folder.resolve("work/a.json");
    assertEquals(file + ": No space left on device", failed.getMessage());
    assertEquals(1, Files.readAllBytes(file)[0]);
    try (Stream<Path> files = Files.list(folder.resolve("work"))) {
      assertEquals(1, files.count());
    }
  }
}
