package dev.autoloss.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.ExitCode;
import dev.autoloss.api.Progress;
import dev.autoloss.local.plan.Speed;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A short training on this machine, to learn how long a step takes. */
final class SpeedMeasurement {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double NANOS = 1e9;

  private final long mostSeconds;

  /** Trains for at most so long, then stops. */
  SpeedMeasurement(long mostSeconds) {
    this.mostSeconds = mostSeconds;
  }

  /**
   * Trains one epoch, or as much of it as the time allows.
   *
   * @param oneEpoch what is trained, with one epoch
   * @param folder for files that nobody needs afterwards
   * @throws InputException if the document or the data is wrong
   * @throws IOException if no step was done in time, or the trainer failed
   */
  Speed measure(OneTraining training, DetectorTrainingSpec oneEpoch, Path folder)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process trainer = training.start("plan", oneEpoch, folder, ProcessBuilder.Redirect.PIPE);
    CompletableFuture.delayedExecutor(mostSeconds, TimeUnit.SECONDS).execute(trainer::destroy);
    List<Progress> told = new ArrayList<>();
    try (BufferedReader lines = trainer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode progress = tree(line).path("progress");
        if (progress.isObject()) {
          told.add(MAPPER.treeToValue(progress, Progress.class));
        }
      }
      int code = trainer.waitFor();
      boolean whole = code == ExitCode.RESULT.code();
      if (!whole && (told.isEmpty() || code != ExitCode.STOPPED.code())) {
        OneTraining.requireResult("measuring the speed", code, folder);
      }
      return speed(told, whole, (System.nanoTime() - start) / NANOS);
    } finally {
      trainer.destroy();
    }
  }

  private static JsonNode tree(String line) throws JsonProcessingException {
    return line.startsWith("{") ? MAPPER.readTree(line) : MAPPER.missingNode();
  }

  /** The first steps, which compile and warm up, are not what all steps cost. */
  private static Speed speed(List<Progress> told, boolean whole, double wall) throws IOException {
    if (told.isEmpty()) {
      throw new IOException("measuring the speed: no step was done");
    }
    Progress first = told.getFirst();
    Progress last = told.getLast();
    double training = last.iteration() * last.secondsPerIteration();
    double before = first.iteration() * first.secondsPerIteration();
    boolean several = last.iteration() > first.iteration();
    double step =
        several
            ? (training - before) / (last.iteration() - first.iteration())
            : last.secondsPerIteration();
    double beside = whole ? Math.max(0, wall - last.iteration() * step) : 0;
    return new Speed(
        step * last.iterations(),
        beside,
        String.format(
            Locale.ROOT,
            "%.3g s a step, measured here on CPU in %d of the %d steps of an epoch, one trainer at"
                + " once; start and evaluation %s",
            step,
            last.iteration(),
            last.iterations(),
            whole ? String.format(Locale.ROOT, "%.3g s", beside) : "not counted"));
  }
}
