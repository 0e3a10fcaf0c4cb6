package dev.autoloss.local.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An estimate for a person. */
public final class PlanText {
  private PlanText() {}

  /**
   * All of an estimate.
   *
   * @param estimate the costs and what they buy
   * @return a table of stages, then what is known in lines of two columns
   */
  public static List<String> lines(Estimate estimate) {
    var lines = new ArrayList<String>();
    lines.add("stage       rounds    arms  trainings  seconds each     hours");
    for (Estimate.Stage stage : estimate.stages()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-10s %7d %7d %10d %13.1f %9.2f",
              stage.stage(),
              stage.rounds(),
              stage.arms(),
              stage.trainings(),
              stage.seconds(),
              stage.hours()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-10s %7s %7s %10d %13s %9.2f",
            "at most",
            "",
            "",
            estimate.trainings(),
            "",
            estimate.trainerHours()));
    lines.add("");
    lines.addAll(cost(estimate));
    lines.addAll(detectable(estimate.detectable()));
    return lines;
  }

  private static List<String> cost(Estimate estimate) {
    return List.of(
        String.format(
            Locale.ROOT,
            "time        %.2f hours with %d trainers at once",
            estimate.wallClockHours(),
            estimate.atOnce()),
        "speed       " + estimate.speed(),
        String.format(
            Locale.ROOT,
            "noise       AP differs by %.4f from seed to seed: %s",
            estimate.sigma(),
            estimate.sigmaSource()));
  }

  private static List<String> detectable(Estimate.Detectable of) {
    return List.of(
        String.format(
            Locale.ROOT,
            "chance      the best of %d equal losses, trained with %d %s each, looks %.4f AP better",
            of.candidates(),
            of.seeds(),
            of.seeds() == 1 ? "seed" : "seeds",
            of.luck()),
        String.format(
            Locale.ROOT,
            "detectable  among them a loss stands out if it is better by %.4f AP (one-sided test at"
                + " 5 %% over all, seen in four of five cases)",
            of.gainInSearch()),
        "seeds       a gain of .01 AP is seen with %s seeds of loss and control, .02 with %s"
            .formatted(seeds(of.seedsForOnePoint()), seeds(of.seedsForTwoPoints())),
        "verdict     " + verdict(of));
  }

  private static String verdict(Estimate.Detectable of) {
    if (of.gainInVerdict() != null) {
      return String.format(
          Locale.ROOT,
          "with %d seeds a true gain of %.4f AP over the strongest control is confirmed in four of"
              + " five cases",
          of.verdictSeeds(),
          of.gainInVerdict());
    }
    return of.verdictSeeds() == null
        ? "none: there are no finalists"
        : "Unconfirmed whatever is found: dataset.test is not given";
  }

  private static String seeds(@Nullable Integer seeds) {
    return seeds == null ? "more than 10,000" : seeds.toString();
  }
}
