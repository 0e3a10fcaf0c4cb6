package dev.autoloss.local.verdict;

import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictComparison;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictResult;
import dev.autoloss.search.evidence.Arm;
import dev.autoloss.search.evidence.Collapse;
import dev.autoloss.search.evidence.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A verdict for a person, in lines of two columns. */
public final class VerdictText {
  private VerdictText() {}

  /**
   * All of a file.
   *
   * @param file a verdict file
   * @return its verdict, then a line for each arm
   */
  public static List<String> lines(VerdictFile file) {
    var lines = new ArrayList<>(lines(file.verdict()));
    Arm first =
        file.controls().stream()
            .map(Verdicts::arm)
            .findFirst()
            .orElse(new Arm("", new TreeMap<>()));
    file.finalists().forEach(arm -> lines.addAll(arm("finalist", arm, first)));
    file.controls().forEach(arm -> lines.addAll(arm("control", arm, first)));
    return lines;
  }

  /**
   * A verdict alone.
   *
   * @param result the verdict
   * @return one line, and one for the comparison if there is one
   */
  public static List<String> lines(VerdictResult result) {
    var lines = new ArrayList<String>();
    lines.add(
        "verdict        "
            + result.result()
            + (result.reason() == null ? "" : ": " + explained(result.reason())));
    VerdictComparison of = result.comparison();
    if (of != null) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  "gain           %s over %s: %+.4f AP, %.0f %% interval %+.4f to %+.4f, n %d, p %.2g",
                  of.finalist(),
                  of.control(),
                  of.gain(),
                  100 * of.confidence(),
                  of.low(),
                  of.high(),
                  of.n(),
                  of.p())
              + (of.signFlip() == null
                  ? ""
                  : String.format(Locale.ROOT, " (sign-flip p %.2g)", of.signFlip())));
    }
    return lines;
  }

  private static String explained(String reason) {
    return switch (reason) {
      case "NoFinalist" -> "no finalist has a score";
      case "NoControl" -> "no control has a score";
      case "TooFewSeeds" -> "finalist and control have fewer than three seeds in common";
      case "NoTestSplit" -> "the scores are of images that took part in choosing";
      default -> reason;
    };
  }

  private static List<String> arm(String kind, VerdictArm arm, Arm baseline) {
    Arm scores = Verdicts.arm(arm);
    Sample sample = scores.sample();
    Collapse collapse = Collapse.of(scores, baseline);
    DetectorTrainingSpec training = arm.training();
    return List.of(
        String.format(
            "%-14s %s: AP %s ± %s of %d seeds%s",
            kind,
            arm.name(),
            number(sample.mean()),
            number(sample.sd()),
            sample.n(),
            collapse.collapsed() == 0 ? "" : ", " + collapse.collapsed() + " collapsed"),
        "               classification "
            + loss(training.loss().classification())
            + " · regression "
            + loss(training.loss().regression())
            + " · learning rate "
            + training.schedule().learningRate());
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "?";
  }

  private static String loss(@Nullable LossTerm term) {
    if (term == null) {
      return "default";
    }
    String name = term.expression() == null ? term.catalogue() : term.expression();
    return term.weight() == 1 ? String.valueOf(name) : name + " × " + term.weight();
  }
}
