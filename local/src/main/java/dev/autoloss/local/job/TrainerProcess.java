package dev.autoloss.local.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A trainer at work. Its stdin is a pipe that we hold open: when we are gone, by whatever death, it
 * is closed, and the trainer ends.
 */
final class TrainerProcess {
  /** As much as a kubelet keeps of a termination message. */
  private static final int LONGEST_MESSAGE = 4096;

  private final Launch launch;
  private final InstantSource clock;
  private final Runnable changed;
  private final CompletableFuture<ProcessEnd> end = new CompletableFuture<>();
  private volatile @Nullable Instant started;
  private @Nullable Process process;
  private boolean stopped;

  private TrainerProcess(Launch launch, InstantSource clock, Runnable changed) {
    this.launch = launch;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * Starts a trainer in the background, after an orphan in its folder is gone.
   *
   * @param changed is called when it has started and when it has ended
   */
  static TrainerProcess start(Launch launch, InstantSource clock, Runnable changed) {
    var trainer = new TrainerProcess(launch, clock, changed);
    Thread.ofVirtual().name(launch.job()).start(trainer::run);
    return trainer;
  }

  Launch launch() {
    return launch;
  }

  Optional<Instant> started() {
    return Optional.ofNullable(started);
  }

  /** Empty while it works. */
  Optional<ProcessEnd> ended() {
    return Optional.ofNullable(end.getNow(null));
  }

  private void run() {
    ProcessEnd result;
    try {
      result = work();
    } catch (IOException failed) {
      result = ProcessEnd.notStarted(String.valueOf(failed.getMessage()), clock.instant());
    } catch (InterruptedException interrupted) {
      result = ProcessEnd.notStarted("interrupted", clock.instant());
    }
    end.complete(result);
    changed.run();
  }

  private ProcessEnd work() throws IOException, InterruptedException {
    Path folder = launch.folder();
    Files.createDirectories(folder);
    Orphan.end(folder);
    Files.deleteIfExists(Launch.messageFile(folder));
    Path log = Launch.logFile(folder);
    Files.writeString(
        log,
        "# " + clock.instant() + " " + launch.job() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    var builder = new ProcessBuilder(launch.command());
    builder.environment().putAll(launch.environment());
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Instant start = clock.instant();
    Optional<Process> running = spawn(builder);
    if (running.isEmpty()) {
      return ProcessEnd.of(143, "", start, start);
    }
    started = start;
    Orphan.remember(folder, running.get().toHandle());
    changed.run();
    int code = running.get().waitFor();
    String message = message(Launch.messageFile(folder));
    Orphan.forget(folder);
    return ProcessEnd.of(code, message, start, clock.instant());
  }

  private synchronized Optional<Process> spawn(ProcessBuilder builder) throws IOException {
    if (stopped) {
      return Optional.empty();
    }
    process = builder.start();
    return Optional.of(process);
  }

  private static String message(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      return new String(stream.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
    } catch (NoSuchFileException none) {
      return "";
    }
  }

  /** Asks it to end, and ends it by force if it has not after five seconds; returns at once. */
  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    Process running = process;
    if (running != null) {
      running.destroy();
      Thread.ofVirtual().name("stop-" + launch.job()).start(() -> force(running));
    }
  }

  private static void force(Process running) {
    try {
      if (!running.waitFor(Orphan.GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      running.destroyForcibly();
    }
  }

  /** Waits for the end of a trainer that was stopped. */
  void awaitEnd(Duration most) throws InterruptedException {
    try {
      end.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stuck) {
      // Even SIGKILL waits for a system call that hangs; nothing more can be done.
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
