package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Breeding from the best must find better losses than as many trainings without it. */
class SelectionTest {
  private static final int SEEDS = 40;
  private static final int GENERATIONS = 20;
  private static final int TRAINED = 8;

  private static final Inputs BOXES = boxes();
  private static final double[] PLANTED =
      normalised(
          ExpressionParser.parse(
              "Mul(Exp(Sub(1,Div(I,U))),Sub(3,Sqrt(Div(U,E))))", Branch.REGRESSION));

  private static Inputs boxes() {
    var random = new Random(1);
    return BoxPair.inputs(
        Stream.generate(
                () ->
                    new BoxPair(
                        Box.around(
                            random.nextDouble(-12, 12),
                            random.nextDouble(-12, 12),
                            random.nextDouble(4, 24),
                            random.nextDouble(4, 24)),
                        Box.around(0, 0, 16, 16)))
            .limit(60)
            .toList());
  }

  private static double[] normalised(Expression loss) {
    double[] values = Evaluator.rowSums(loss, BOXES);
    double mean = Arrays.stream(values).average().orElseThrow();
    double[] centred = Arrays.stream(values).map(value -> value - mean).toArray();
    double norm = Math.sqrt(Arrays.stream(centred).map(value -> value * value).sum());
    return Arrays.stream(centred).map(value -> value / norm).toArray();
  }

  /** A planted loss is the best: the nearer in shape, the higher the score. */
  private static TrialOutcome planted(Trial trial) {
    double[] shape = normalised(trial.losses().regression().orElseThrow());
    double distance = 0;
    for (int i = 0; i < shape.length; i++) {
      distance += (shape[i] - PLANTED[i]) * (shape[i] - PLANTED[i]);
    }
    return Double.isFinite(distance)
        ? new TrialOutcome.Scored(1 / (1 + 10 * Math.sqrt(distance)))
        : new TrialOutcome.Diverged();
  }

  private static double best(long seed, int generations, int trained) {
    var plain =
        Searches.spec(
            seed, Branch.ONE_STAGE, EnumSet.of(Target.REGRESSION), generations, trained, 1);
    var spec =
        new SearchSpec(
            seed,
            plain.classification(),
            plain.space(),
            new Evolution(
                generations,
                20_000,
                trained,
                4,
                1,
                Searches.RATES,
                List.of(),
                Breeding.published()),
            new Trials(0));
    SearchState state =
        Searches.run(
            spec,
            trial ->
                trial.losses().regression().isPresent()
                    ? planted(trial)
                    : new TrialOutcome.Scored(0));
    assertTrue(state.complete(spec), "seed " + seed + ": " + state.failure());
    assertEquals(generations * trained + 1, state.candidates().size(), "seed " + seed);
    return state.fitness(state.ranking().getFirst()).orElseThrow();
  }

  /** Drawing is one generation of as many trainings: the same gates, the same seeds. */
  @Test
  void evolvingFindsBetterLossesThanDrawingAsMany() {
    double[] gains = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      gains[seed] = best(seed, GENERATIONS, TRAINED) - best(seed, 1, GENERATIONS * TRAINED);
    }
    double mean = Arrays.stream(gains).average().orElseThrow();
    double squares = Arrays.stream(gains).map(gain -> (gain - mean) * (gain - mean)).sum();
    double error = Math.sqrt(squares / (SEEDS - 1) / SEEDS);
    assertTrue(
        mean > 2.5 * error,
        "gains by seed " + Arrays.toString(gains) + ", mean " + mean + ", its error " + error);
  }
}
