package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.loss.scale.DrawnBoxes;
import dev.autoloss.loss.scale.DrawnSamples;
import dev.autoloss.loss.scale.GradientScale;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.random.RandomGeneratorFactory;

/**
 * A search whose best pair is known: raw logits and boxes are optimised under a pair by ten steps
 * of gradient descent at the default pair's rate, and its fitness is how near they come to where
 * the hidden pair brings them, {@code .38 (1 − d²)}, with {@code d²} the mean over both branches of
 * squared distances as shares of the hidden pair's way. A pair that moves nothing has 0, so has one
 * that moves away; the hidden pair, and what trains like it, .38. A score adds Gaussian noise.
 */
final class PlantedTask {
  private static final double BEST = 0.38;

  /** Measured between seeds of a small detector's proxy trainings. */
  private static final double NOISE = 0.011;

  private static final int STEPS = 10;
  private static final double LOGIT_STEP = 0.25;
  private static final double BOX_STEP = 0.075;

  /** Raw predictions, and the way that a loss takes them. */
  private static final class Part {
    private final double[] start;
    private final BiFunction<Expression, double[], double[]> gradient;
    private final double rate;
    private final double[] goal;

    Part(
        double[] start,
        BiFunction<Expression, double[], double[]> gradient,
        double step,
        Expression standard,
        Expression hidden) {
      this.start = start;
      this.gradient = gradient;
      this.rate = step / GradientScale.rms(gradient.apply(standard, start));
      this.goal = end(hidden);
    }

    double[] end(Expression loss) {
      double[] predictions = start.clone();
      for (int step = 0; step < STEPS; step++) {
        double[] slopes = gradient.apply(loss, predictions);
        for (int i = 0; i < predictions.length; i++) {
          predictions[i] -= rate * slopes[i];
        }
      }
      return predictions;
    }

    /** Squared distance of a loss's end to the goal, as a share of the whole way's. */
    double distance(Expression loss) {
      double[] end = end(loss);
      double missed = 0;
      double way = 0;
      for (int i = 0; i < end.length; i++) {
        missed += (end[i] - goal[i]) * (end[i] - goal[i]);
        way += (start[i] - goal[i]) * (start[i] - goal[i]);
      }
      return missed / way;
    }
  }

  private final Branch branch;
  private final Expression defaultClassification;
  private final Expression defaultRegression;
  private final Part logits;
  private final Part boxes;

  private PlantedTask(
      Branch branch,
      CatalogueLoss standard,
      CatalogueLoss hiddenClassification,
      CatalogueLoss hiddenRegression,
      BoxCoding coding,
      long seed) {
    this.branch = branch;
    this.defaultClassification = expression(standard);
    this.defaultRegression = expression(CatalogueLoss.GIOU);
    DrawnSamples samples = DrawnSamples.draw(branch, 32, 4, 0, seed);
    DrawnBoxes drawn = DrawnBoxes.draw(coding, AreaUnits.NATIVE, 32, 0.25, seed);
    this.logits =
        new Part(
            samples.start(),
            samples::gradient,
            LOGIT_STEP,
            defaultClassification,
            expression(hiddenClassification));
    this.boxes =
        new Part(
            drawn.start(),
            drawn::gradient,
            BOX_STEP,
            defaultRegression,
            expression(hiddenRegression));
  }

  /** The published winners of two-stage detectors are hidden. */
  static PlantedTask twoStage(long seed) {
    return new PlantedTask(
        Branch.TWO_STAGE,
        CatalogueLoss.CROSS_ENTROPY,
        CatalogueLoss.CSE_A_CLASSIFICATION,
        CatalogueLoss.CSE_A_REGRESSION,
        BoxCoding.DELTAS,
        seed);
  }

  /** The published winners of one-stage detectors are hidden. */
  static PlantedTask oneStage(long seed) {
    return new PlantedTask(
        Branch.ONE_STAGE,
        CatalogueLoss.FOCAL,
        CatalogueLoss.CSE_B_CLASSIFICATION,
        CatalogueLoss.CSE_B_REGRESSION,
        BoxCoding.DISTANCES,
        seed);
  }

  private static Expression expression(CatalogueLoss loss) {
    return loss.expression().orElseThrow();
  }

  Branch branch() {
    return branch;
  }

  /** The pair's fitness without noise, in [0, .38]; empty if its predictions leave the numbers. */
  OptionalDouble truth(LossPair pair) {
    double distance =
        (logits.distance(pair.classification().orElse(defaultClassification))
                + boxes.distance(pair.regression().orElse(defaultRegression)))
            / 2;
    return Double.isFinite(distance)
        ? OptionalDouble.of(BEST * Math.max(0, 1 - distance))
        : OptionalDouble.empty();
  }

  /** The fitness at a share of the way from the default's to the hidden pair's. */
  double reference(double share) {
    double standard = truth(LossPair.DEFAULT).orElseThrow();
    return standard + share * (BEST - standard);
  }

  /** What a training of the pair would bring. */
  TrialOutcome train(Trial trial, OptionalDouble truth, long searchSeed) {
    if (truth.isEmpty()) {
      return new TrialOutcome.Diverged();
    }
    long place =
        ((searchSeed * 1_000_003L + trial.id().candidate().generation()) * 1_000_003L
                    + trial.id().candidate().slot())
                * 1_000_003L
            + trial.id().replicate();
    double noise =
        RandomGeneratorFactory.of("L64X128MixRandom").create(place).nextGaussian() * NOISE;
    // A detector that finds nothing finds nothing with every seed.
    double ap = truth.getAsDouble() == 0 ? 0 : truth.getAsDouble() + noise;
    return new TrialOutcome.Scored(Math.clamp(ap, 0, 1));
  }
}
