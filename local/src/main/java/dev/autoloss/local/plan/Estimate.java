package dev.autoloss.local.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.autoloss.search.evidence.Power;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Costs of a search and what it could show; {@code plan --json} prints it.
 *
 * @param stages each kind of training
 * @param trainings at most, in all
 * @param trainerHours time of all trainings, one after another
 * @param wallClockHours with {@code atOnce} trainers
 * @param atOnce trainers at once
 * @param speed how the time is known
 * @param sigma standard deviation of one AP over seeds
 * @param sigmaSource how it is known
 * @param detectable what the scores could show
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Estimate(
    List<Stage> stages,
    long trainings,
    double trainerHours,
    double wallClockHours,
    int atOnce,
    String speed,
    double sigma,
    String sigmaSource,
    Detectable detectable) {
  private static final double HOUR = 3600;
  private static final double SMALL_GAIN = 0.01;
  private static final double GREAT_GAIN = 0.02;

  /**
   * One kind of training.
   *
   * @param stage what it is for
   * @param rounds how often a round is run
   * @param arms what is trained in a round
   * @param trainings in all rounds, at most
   * @param seconds of one training
   * @param hours of all
   */
  public record Stage(
      String stage, int rounds, int arms, long trainings, double seconds, double hours) {}

  /**
   * What scores could show, as differences of AP: by a one-sided test at 5 %, seen in four of five
   * cases.
   *
   * @param candidates candidates that are compared by their scores
   * @param seeds seeds that such a score is a mean of
   * @param luck how much better the best of so many equal candidates looks by chance
   * @param gainInSearch least true gain that stands out among so many candidates (Bonferroni)
   * @param seedsForOnePoint seeds of each arm that show a gain of .01; absent if 10,000 are too few
   * @param seedsForTwoPoints seeds of each arm that show a gain of .02
   * @param verdictSeeds seeds that the verdict stands on; absent without finalists
   * @param gainInVerdict least true gain over the strongest control that is confirmed; absent if
   *     nothing can be confirmed, for want of finalists or of images kept for a test
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Detectable(
      int candidates,
      int seeds,
      double luck,
      double gainInSearch,
      @Nullable Integer seedsForOnePoint,
      @Nullable Integer seedsForTwoPoints,
      @Nullable Integer verdictSeeds,
      @Nullable Double gainInVerdict) {}

  /**
   * Computes.
   *
   * @param plan what is trained
   * @param speed how fast
   * @param size how much is trained on
   * @param noise how much scores differ by chance
   * @param atOnce trainers at once, at least 1
   * @return the estimate
   */
  public static Estimate of(TrialPlan plan, Speed speed, DataSize size, Noise noise, int atOnce) {
    List<Stage> stages =
        plan.rungs().stream().map(rung -> stage(rung, speed.seconds(rung, size))).toList();
    double wall =
        plan.rungs().stream()
            .mapToDouble(
                rung ->
                    rung.rounds()
                        * Math.ceil((double) rung.trainings() / atOnce)
                        * speed.seconds(rung, size))
            .sum();
    return new Estimate(
        stages,
        plan.trainings(),
        stages.stream().mapToDouble(Stage::hours).sum(),
        wall / HOUR,
        atOnce,
        speed.source(),
        noise.sigma(),
        noise.source(),
        detectable(plan, noise.sigma()));
  }

  private static Stage stage(Rung rung, double seconds) {
    return new Stage(
        rung.stage(), rung.rounds(), rung.arms(), rung.all(), seconds, rung.all() * seconds / HOUR);
  }

  private static Detectable detectable(TrialPlan plan, double sigma) {
    return new Detectable(
        plan.candidates(),
        plan.seeds(),
        Power.luck(sigma, plan.seeds(), plan.candidates()),
        Power.USUAL.among(plan.candidates()).gainIfSigmaIsKnown(sigma, plan.seeds()),
        orNull(Power.USUAL.seeds(sigma, SMALL_GAIN)),
        orNull(Power.USUAL.seeds(sigma, GREAT_GAIN)),
        plan.last().map(TrialPlan.Last::seeds).orElse(null),
        plan.last()
            .filter(TrialPlan.Last::heldOut)
            .map(
                last -> Power.USUAL.among(last.finalists()).gain(sigma, last.seeds()).orElseThrow())
            .orElse(null));
  }

  private static @Nullable Integer orNull(OptionalInt seeds) {
    return seeds.isPresent() ? (Integer) seeds.getAsInt() : null;
  }
}
