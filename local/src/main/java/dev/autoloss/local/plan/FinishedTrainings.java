package dev.autoloss.local.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the finished proxy trainings of a work folder tell of speed and noise. */
public final class FinishedTrainings {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern PROXY = Pattern.compile(".*-(g\\d+-c\\d+)-p\\d+");

  private final List<Double> seconds = new ArrayList<>();
  private final TreeMap<String, List<Double>> scores = new TreeMap<>();

  private FinishedTrainings() {}

  /**
   * Reads the results of a work folder; a file that is no result is left out.
   *
   * @param work the folder of a run, which holds {@code trials}
   * @return what was found
   * @throws IOException if the folder can't be read
   */
  public static FinishedTrainings read(Path work) throws IOException {
    var finished = new FinishedTrainings();
    Path trials = work.resolve("trials");
    if (Files.isDirectory(trials)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(trials)) {
        for (Path folder : folders) {
          Matcher name = PROXY.matcher(folder.getFileName().toString());
          if (name.matches()) {
            result(folder.resolve("result.json"))
                .ifPresent(result -> finished.add(name.group(1), result));
          }
        }
      }
    }
    return finished;
  }

  private static Optional<TrialResult> result(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(MAPPER.readValue(file.toFile(), TrialResult.class));
    } catch (JacksonException damaged) {
      return Optional.empty();
    }
  }

  private void add(String candidate, TrialResult result) {
    Metrics metrics = result.metrics();
    if (result.outcome() == Outcome.SCORED && metrics != null && metrics.ap() >= 0) {
      seconds.add(result.seconds());
      scores.computeIfAbsent(candidate, _ -> new ArrayList<>()).add(metrics.ap());
    }
  }

  /**
   * The speed of these trainings.
   *
   * @param epochs of each of them
   * @return their mean, evaluation and start included; empty if there is none
   */
  public Optional<Speed> speed(int epochs) {
    OptionalDouble mean = seconds.stream().mapToDouble(Double::doubleValue).average();
    return mean.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Speed(
                mean.getAsDouble() / epochs,
                0,
                "mean of " + seconds.size() + " finished trainings"));
  }

  /**
   * The noise of these trainings: the pooled standard deviation within candidates.
   *
   * @return empty if no candidate was trained with several seeds
   */
  public Optional<Noise> noise() {
    double squares = 0;
    int freedom = 0;
    int candidates = 0;
    for (List<Double> one : scores.values()) {
      double mean = one.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      squares += one.stream().mapToDouble(score -> (score - mean) * (score - mean)).sum();
      freedom += one.size() - 1;
      candidates += one.size() > 1 ? 1 : 0;
    }
    return freedom == 0
        ? Optional.empty()
        : Optional.of(
            new Noise(
                Math.sqrt(squares / freedom),
                "measured, %d candidates with several seeds, %d degrees of freedom"
                    .formatted(candidates, freedom)));
  }
}
