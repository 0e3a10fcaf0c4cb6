package dev.autoloss.operator.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrialResult;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What a pod left behind: a result that is checked, or a line for a person. */
sealed interface TerminationMessage {
  /** A result of the training that was asked for. */
  record Valid(TrialResult result) implements TerminationMessage {}

  /** A result that is not to be believed. */
  record Invalid(String fault) implements TerminationMessage {}

  /** No result; perhaps a line. */
  record Line(String text) implements TerminationMessage {}

  /** Longest line that is kept of what a trainer says. */
  int LONGEST_LINE = 512;

  /** A newer trainer may say more than this operator knows. */
  ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Reads the message of a container that has terminated; the API server cuts it at 4 KiB. */
  static TerminationMessage read(@Nullable String message, String specHash, long seed) {
    if (message == null || message.isBlank()) {
      return new Line("");
    }
    if (!message.stripLeading().startsWith("{")) {
      return new Line(firstLine(message));
    }
    try {
      TrialResult result = MAPPER.readValue(message, TrialResult.class);
      return fault(result, specHash, seed)
          .<TerminationMessage>map(Invalid::new)
          .orElseGet(() -> new Valid(result));
    } catch (JsonProcessingException broken) {
      return new Invalid("result: " + firstLine(broken.getOriginalMessage()));
    }
  }

  private static Optional<String> fault(TrialResult result, String specHash, long seed) {
    // Jackson leaves out what the message lacks, whatever the record's types promise.
    Object outcome = result.outcome();
    if (outcome == null || result.outcome() == Outcome.LOST) {
      return Optional.of("result: outcome: expected Scored, Diverged or Rejected");
    }
    if (!specHash.equals(result.specHash())) {
      return Optional.of("result: specHash: of another training");
    }
    if (result.seed() != seed) {
      return Optional.of("result: seed: expected " + seed + ", found " + result.seed());
    }
    if (!Double.isFinite(result.seconds()) || result.seconds() < 0) {
      return Optional.of("result: seconds: expected a number >= 0, found " + result.seconds());
    }
    Metrics metrics = result.metrics();
    if (metrics == null) {
      return result.outcome() == Outcome.SCORED
          ? Optional.of("result: metrics: missing")
          : Optional.empty();
    }
    return metricsFault(metrics, result.outcome() == Outcome.SCORED);
  }

  private static Optional<String> metricsFault(Metrics metrics, boolean scored) {
    boolean inRange =
        DoubleStream.of(
                metrics.ap(),
                metrics.ap50(),
                metrics.ap75(),
                metrics.apSmall(),
                metrics.apMedium(),
                metrics.apLarge(),
                metrics.ar1(),
                metrics.ar10(),
                metrics.ar100(),
                metrics.arSmall(),
                metrics.arMedium(),
                metrics.arLarge())
            .allMatch(value -> value == -1 || (value >= 0 && value <= 1));
    if (!inRange) {
      return Optional.of("result: metrics: expected numbers in 0..1, or -1 for none");
    }
    return scored && metrics.ap() < 0
        ? Optional.of("result: metrics: AP: the split has no box to measure on")
        : Optional.empty();
  }

  /** The first line that says something, shortened. */
  static String firstLine(String text) {
    String line = text.lines().filter(some -> !some.isBlank()).findFirst().orElse("").strip();
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE);
  }
}
