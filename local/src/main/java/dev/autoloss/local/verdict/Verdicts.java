package dev.autoloss.local.verdict;

import dev.autoloss.api.verdict.VerdictArm;
import dev.autoloss.api.verdict.VerdictComparison;
import dev.autoloss.api.verdict.VerdictFile;
import dev.autoloss.api.verdict.VerdictResult;
import dev.autoloss.search.evidence.Arm;
import dev.autoloss.search.evidence.Comparison;
import dev.autoloss.search.evidence.Contest;
import dev.autoloss.search.evidence.Verdict;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Between a verdict file and the statistics that it stands on. */
public final class Verdicts {
  private Verdicts() {}

  /**
   * The scores of a file, to be judged anew.
   *
   * @param file a verdict file
   * @return its contest
   */
  public static Contest contest(VerdictFile file) {
    return contest(file.finalists(), file.controls(), file.heldOut(), file.level());
  }

  /**
   * Scores to be judged.
   *
   * @param finalists the best losses of a search
   * @param controls what they have to beat
   * @param heldOut whether the scores are of images that nothing was chosen by
   * @param level chance of confirming a loss that is no better, between 0 and .5
   * @return their contest
   */
  public static Contest contest(
      List<VerdictArm> finalists, List<VerdictArm> controls, boolean heldOut, double level) {
    return new Contest(arms(finalists), arms(controls), heldOut, level);
  }

  private static List<Arm> arms(List<VerdictArm> arms) {
    return arms.stream().map(Verdicts::arm).toList();
  }

  /**
   * An arm's scores as they are compared.
   *
   * @param arm a finalist or a control
   * @return the same, a failed training as 0
   */
  public static Arm arm(VerdictArm arm) {
    var scores = new TreeMap<Long, Double>();
    arm.scores().forEach(score -> scores.put(score.seed(), score.counted()));
    return new Arm(arm.name(), scores);
  }

  /**
   * A verdict as a file holds it.
   *
   * @param verdict what the scores prove
   * @return the same
   */
  public static VerdictResult result(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Confirmed(var of) -> new VerdictResult("Confirmed", null, comparison(of));
      case Verdict.NotConfirmed(var of) -> new VerdictResult("NotConfirmed", null, comparison(of));
      case Verdict.Unconfirmed(var reason, var of) ->
          new VerdictResult("Unconfirmed", name(reason), of.map(Verdicts::comparison).orElse(null));
    };
  }

  private static String name(Verdict.Reason reason) {
    return switch (reason) {
      case NO_FINALIST -> "NoFinalist";
      case NO_CONTROL -> "NoControl";
      case TOO_FEW_SEEDS -> "TooFewSeeds";
      case NO_TEST_SPLIT -> "NoTestSplit";
    };
  }

  private static VerdictComparison comparison(Comparison of) {
    @Nullable Double signFlip =
        of.signFlip().isPresent() ? (Double) of.signFlip().getAsDouble() : null;
    return new VerdictComparison(
        of.finalist(),
        of.control(),
        of.n(),
        of.gain(),
        of.sd(),
        of.interval().low(),
        of.interval().high(),
        of.interval().confidence(),
        of.p(),
        signFlip);
  }
}
