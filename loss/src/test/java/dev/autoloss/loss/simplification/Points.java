package dev.autoloss.loss.simplification;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Probe points of a branch, and whether two expressions agree there.
 *
 * <p>A number of the original counts where its own rounding is small: with every node's value moved
 * by some units of the last place it must stay within 1e-11.
 */
record Points(Branch branch, Inputs inputs, long seed) {
  private static final double TOLERANCE = 1e-9;
  private static final double STEADY = 1e-11;

  /** What was found: the worst disagreement, and how many numbers were compared of how many. */
  record Difference(Optional<String> worst, int compared, int numbers) {}

  static Points of(Branch branch, long seed) {
    RandomGenerator random = RandomTrees.random(seed);
    return new Points(
        branch, branch.classification() ? samples(branch, random) : boxes(random), seed);
  }

  private static Inputs samples(Branch branch, RandomGenerator random) {
    List<Sample> samples = new ArrayList<>();
    for (int k = 0; k < 6; k++) {
      double[] logits = random.doubles(3, -8, 8).toArray();
      samples.add(Sample.positive(k % 3, random.nextDouble(), logits));
      samples.add(Sample.negative(random.doubles(3, -8, 8).toArray()));
    }
    samples.add(Sample.positive(1, 1, 0, 0, 0));
    samples.add(Sample.positive(0, 1e-7, 8, -8, 0));
    return Sample.inputs(branch, samples);
  }

  private static Inputs boxes(RandomGenerator random) {
    List<BoxPair> pairs = new ArrayList<>();
    for (double side : new double[] {0.5, 8, 64, 512}) {
      Box truth = Box.around(0, 0, side, side);
      pairs.add(new BoxPair(truth, truth));
      pairs.add(new BoxPair(Box.around(2 * side, 0, side, side), truth));
      for (int k = 0; k < 4; k++) {
        pairs.add(
            new BoxPair(
                Box.around(
                    side * random.nextDouble(-1, 1),
                    side * random.nextDouble(-1, 1),
                    side * random.nextDouble(0.25, 3),
                    side * random.nextDouble(0.25, 3)),
                truth));
      }
    }
    return BoxPair.inputs(pairs);
  }

  Difference compare(Expression original, Expression shorter) {
    double[] expected = numbers(original);
    double[] found = numbers(shorter);
    List<double[]> moved = new ArrayList<>();
    for (int k = 0; k < 12; k++) {
      moved.add(numbers(shaken(original, RandomTrees.random(seed + k))));
    }
    if (expected.length != found.length) {
      return new Difference(Optional.of("another shape"), 0, expected.length);
    }
    int values = Evaluator.evaluate(original, inputs).value().length;
    int compared = 0;
    Optional<String> worst = Optional.empty();
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      double value = expected[i];
      if (Double.isFinite(value)
          && moved.stream().allMatch(other -> differs(value, other[at]) <= STEADY)) {
        compared++;
        if (!(differs(value, found[i]) <= TOLERANCE)) {
          worst = Optional.of("number " + i + ": " + value + " → " + found[i]);
        }
      } else if (Double.isNaN(value) && Double.isFinite(found[i]) && i < values) {
        worst = Optional.of("number " + i + " was NaN, is " + found[i]);
      }
    }
    return new Difference(worst, compared, expected.length);
  }

  private static double differs(double one, double other) {
    return one == other ? 0 : Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  }

  /** The values, repeated over the columns, then the gradients. */
  private double[] numbers(Expression expression) {
    Evaluation evaluation = Evaluator.evaluate(expression, inputs);
    List<Double> all = new ArrayList<>();
    for (double value : evaluation.value()) {
      all.add(value);
    }
    for (Variable variable : branch.variables()) {
      for (double value : evaluation.gradient(variable)) {
        all.add(value);
      }
    }
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The same tree with every node's value a few units in the last place off. */
  private static Expression shaken(Expression node, RandomGenerator random) {
    Expression inner =
        switch (node) {
          case Expression.Input input -> input;
          case Constant constant -> constant;
          case Unary(var operator, var operand) ->
              // Computed in one step by the evaluation.
              operator == UnaryOperator.LOG
                      && operand instanceof Unary(var softmax, var logits)
                      && softmax == UnaryOperator.SOFTMAX
                  ? new Unary(operator, new Unary(softmax, shaken(logits, random)))
                  : new Unary(operator, shaken(operand, random));
          case Binary(var operator, var left, var right) ->
              new Binary(operator, shaken(left, random), shaken(right, random));
        };
    // Scaled there and back, so that value and gradient are rounded independently.
    double scale = random.nextDouble(0.5, 2);
    double back = (1 + Math.ulp(1.0) * random.nextInt(-4, 5)) / scale;
    return multiplied(multiplied(inner, scale), back);
  }

  private static Expression multiplied(Expression expression, double factor) {
    return new Binary(BinaryOperator.MUL, expression, new Constant(factor));
  }
}
