package dev.autoloss.operator.losssearch;

import dev.autoloss.search.evidence.Comparison;
import dev.autoloss.search.evidence.Verdict;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A verdict as a sentence that claims no more than was measured. */
final class VerdictText {
  private VerdictText() {}

  static String of(Verdict verdict, UnaryOperator<String> names) {
    String measured = verdict.comparison().map(one -> measured(one, names)).orElse("");
    return switch (verdict) {
      case Verdict.Confirmed(Comparison of) ->
          of.finalist() + " beats " + names.apply(of.control()) + measured;
      case Verdict.NotConfirmed(Comparison of) ->
          "no loss can be told from " + names.apply(of.control()) + measured;
      case Verdict.Unconfirmed(Verdict.Reason reason, var _) ->
          "nothing is confirmed: "
              + switch (reason) {
                case NO_FINALIST -> "no finalist has a score";
                case NO_CONTROL -> "neither the default pair nor a control has a score";
                case TOO_FEW_SEEDS -> "finalist and control have too few seeds in common";
                case NO_TEST_SPLIT ->
                    "the scores are of the images that chose; give dataset.test for a verdict";
              }
              + (measured.isEmpty() ? "" : "; measured" + measured);
    };
  }

  private static String measured(Comparison one, UnaryOperator<String> names) {
    return String.format(
        Locale.ROOT,
        ": %s against %s %+.4f AP over %d seeds, %.0f %% interval %+.4f to %+.4f, p %.3f",
        one.finalist(),
        names.apply(one.control()),
        one.gain(),
        one.n(),
        100 * one.interval().confidence(),
        one.interval().low(),
        one.interval().high(),
        one.p());
  }
}
