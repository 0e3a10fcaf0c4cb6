package dev.autoloss.local.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process that an earlier run of ours may have left in a training's folder. It ends by itself
 * when its parent is gone; until then nothing else may work there.
 */
final class Orphan {
  static final Duration GRACE = Duration.ofSeconds(5);

  /** Start times are computed from the boot time, which moves when the clock is set. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private Orphan() {}

  static Path file(Path folder) {
    return folder.resolve("trainer.pid");
  }

  /** Remembers a process that was just started. */
  static void remember(Path folder, ProcessHandle process) throws IOException {
    Instant start = process.info().startInstant().orElse(Instant.EPOCH);
    Files.writeString(file(folder), process.pid() + " " + start.toEpochMilli() + "\n");
  }

  static void forget(Path folder) throws IOException {
    Files.deleteIfExists(file(folder));
  }

  /** Ends the process, first kindly, and waits until it is gone. */
  static void end(Path folder) throws IOException, InterruptedException {
    Optional<ProcessHandle> found = find(folder);
    if (found.isPresent()) {
      ProcessHandle process = found.get();
      process.destroy();
      if (!gone(process)) {
        process.destroyForcibly();
        if (!gone(process)) {
          throw new IOException(folder + ": process " + process.pid() + " can't be ended");
        }
      }
    }
    forget(folder);
  }

  private static Optional<ProcessHandle> find(Path folder) throws IOException {
    if (!Files.exists(file(folder))) {
      return Optional.empty();
    }
    String[] words = Files.readString(file(folder)).strip().split(" ", -1);
    try {
      long pid = Long.parseLong(words[0]);
      Instant start = Instant.ofEpochMilli(words.length > 1 ? Long.parseLong(words[1]) : 0);
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> startedAt(process, start));
    } catch (NumberFormatException torn) {
      return Optional.empty();
    }
  }

  private static boolean startedAt(ProcessHandle process, Instant start) {
    return process
        .info()
        .startInstant()
        .filter(found -> Duration.between(found, start).abs().compareTo(TOLERANCE) <= 0)
        .isPresent();
  }

  private static boolean gone(ProcessHandle process) throws InterruptedException {
    try {
      process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException alive) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
