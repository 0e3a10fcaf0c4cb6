package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.FunnelCounts;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Metrics;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.operator.losssearch.SearchSpecs;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How numbers, losses and events read on a terminal. */
final class Texts {
  private static final String DEFAULT = "default";
  private static final String SEPARATOR = "  |  ";

  private Texts() {}

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String difference(double value) {
    return String.format(Locale.ROOT, "%+.4f", value);
  }

  static String duration(double seconds) {
    long all = Math.round(Math.max(0, seconds));
    return all >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", all / 3600, all / 60 % 60, all % 60)
        : String.format(Locale.ROOT, "%d:%02d", all / 60, all % 60);
  }

  static String duration(Duration duration) {
    return duration(duration.toMillis() / 1000.0);
  }

  static String shortened(String text, int width) {
    int length = text.codePointCount(0, text.length());
    return length <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  static String funnel(FunnelCounts funnel) {
    int rejected = funnel.rejected().values().stream().mapToInt(Integer::intValue).sum();
    String gates =
        funnel.rejected().entrySet().stream()
            .map(gate -> gate.getKey() + " " + gate.getValue())
            .collect(Collectors.joining(", "));
    Integer simulated = funnel.simulated();
    Integer passed = funnel.passed();
    String simulation =
        simulated == null || passed == null
            ? ""
            : " → %d simulated, %d passed".formatted(simulated, passed);
    return "%d generated → %d duplicates → %d rejected%s%s → %d trained"
        .formatted(
            funnel.generated(),
            funnel.duplicates(),
            rejected,
            gates.isEmpty() ? "" : " (" + gates + ")",
            simulation,
            funnel.trained());
  }

  /** Both losses of a training as formulas. */
  static String losses(DetectorTraining training, int width) {
    var spec = Objects.requireNonNull(training.getSpec(), "spec");
    Branch branch = SearchSpecs.classification(spec.detector().architecture());
    return losses(
        text(spec.loss().classification(), branch),
        text(spec.loss().regression(), Branch.REGRESSION),
        width);
  }

  static String losses(String classification, String regression) {
    return classification.equals(DEFAULT) && regression.equals(DEFAULT)
        ? "the detector's default losses"
        : classification + SEPARATOR + regression;
  }

  /** As {@link #losses(String, String)}, both shortened so that neither hides the other. */
  static String losses(String classification, String regression, int width) {
    String both = losses(classification, regression);
    if (both.codePointCount(0, both.length()) <= width) {
      return both;
    }
    int room = width - SEPARATOR.length();
    int second = Math.min(regression.codePointCount(0, regression.length()), room / 2);
    return shortened(classification, room - second) + SEPARATOR + shortened(regression, second);
  }

  private static String text(@Nullable LossTerm term, Branch branch) {
    if (term == null) {
      return DEFAULT;
    }
    return term.catalogue() != null ? term.catalogue() : formula(term.expression(), branch);
  }

  /** An expression as a formula. */
  static String formula(@Nullable String expression, Branch branch) {
    if (expression == null) {
      return DEFAULT;
    }
    try {
      return Formula.infix(ExpressionParser.parse(expression, branch));
    } catch (ExpressionException newer) {
      return expression;
    }
  }

  static String line(RunEvent event) {
    return switch (event) {
      case RunEvent.Resumed(int generation, long ended) ->
          "resuming: generation " + generation + ", " + ended + " trials have ended";
      case RunEvent.Proposed(int generation, int generations, FunnelCounts funnel) ->
          "generation " + generation + "/" + generations + " proposed: " + funnel(funnel);
      case RunEvent.Started(String trial, DetectorTraining training) ->
          trial + " started: " + losses(training, Integer.MAX_VALUE);
      case RunEvent.AttemptFailed failed ->
          "%s attempt %d: %s: %s"
              .formatted(failed.trial(), failed.attempt(), failed.end(), failed.message());
      case RunEvent.Ended ended -> line(ended);
      case RunEvent.Sealed(int generation, var best) ->
          "generation "
              + generation
              + " sealed"
              + best.map(score -> ": best " + score.candidate() + " AP " + number(score.meanAP()))
                  .orElse("");
    };
  }

  private static String line(RunEvent.Ended ended) {
    String word = ended.outcome().name().toLowerCase(Locale.ROOT);
    Metrics metrics = ended.status().metrics();
    String scores =
        metrics == null
            ? ""
            : " AP " + number(metrics.ap()) + baseline(ended.baseline()) + ap50(metrics);
    String message =
        Optional.ofNullable(ended.status().message()).map(text -> ": " + text).orElse("");
    String seconds =
        Optional.ofNullable(ended.status().seconds())
            .map(time -> String.format(Locale.ROOT, " in %.0f s", time))
            .orElse("");
    return ended.trial() + " " + word + scores + seconds + message;
  }

  private static String ap50(Metrics metrics) {
    return ", AP50 " + number(metrics.ap50());
  }

  private static String baseline(OptionalDouble baseline) {
    return baseline.isPresent() ? " (baseline " + number(baseline.getAsDouble()) + ")" : "";
  }
}
