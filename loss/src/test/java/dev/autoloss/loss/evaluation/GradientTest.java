package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of whole trees, with shared subtrees and broadcasting, against central differences. */
class GradientTest {
  private static final int SEEDS = 600;

  @ParameterizedTest
  @EnumSource(Branch.class)
  void equalCentralDifferencesWhereTheseConverge(Branch branch) {
    int compared = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Expression tree = new RandomTrees(branch, seed, 1, 2, 3, -1, 0.5).next(5);
      if (cancels(tree)) {
        continue;
      }
      Map<Variable, double[]> values = values(branch, seed);
      Evaluation evaluation = Evaluator.evaluate(tree, inputs(branch, values));
      double magnitude = Arrays.stream(evaluation.value()).map(Math::abs).sum();
      for (Variable variable : branch.variables()) {
        for (int i = 0; i < 3; i++) {
          double coarse = difference(tree, branch, values, values.get(variable), i, 2e-4);
          double fine = difference(tree, branch, values, values.get(variable), i, 1e-4);
          double size = Math.max(1, Math.abs(fine));
          double gradient = evaluation.gradient(variable)[i];
          // The root of a constant 0 has the gradient 0·∞, as in PyTorch.
          boolean smooth = Math.abs(coarse - fine) < 1e-7 * size && Double.isFinite(gradient);
          if (smooth && magnitude < 1e4) {
            String what = "seed %d, %s by %s[%d]".formatted(seed, tree, variable, i);
            assertEquals(fine, gradient, 1e-6 * size, what);
            compared += gradient == 0 ? 0 : 1;
          }
        }
      }
    }
    assertTrue(compared > SEEDS / 2, "compared " + compared);
  }

  /** A logarithm of {@code a − a} has gradients ±1e20 that swallow all others on their way. */
  private static boolean cancels(Expression tree) {
    return switch (tree) {
      case Expression.Input _, Expression.Constant _ -> false;
      case Expression.Unary(_, var operand) -> cancels(operand);
      case Expression.Binary(var operator, var left, var right) ->
          (operator == BinaryOperator.SUB && left.equals(right)) || cancels(left) || cancels(right);
    };
  }

  private static Map<Variable, double[]> values(Branch branch, long seed) {
    RandomGenerator random = RandomTrees.random(~seed);
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    for (Variable variable : branch.variables()) {
      values.put(variable, random.doubles(6, 0.2, 3).toArray());
    }
    return values;
  }

  private static Inputs inputs(Branch branch, Map<Variable, double[]> values) {
    return branch.classification()
        ? Inputs.of(branch, 2, 3, values)
        : Inputs.of(branch, 6, 1, values);
  }

  private static double difference(
      Expression tree,
      Branch branch,
      Map<Variable, double[]> values,
      double[] input,
      int i,
      double step) {
    double middle = input[i];
    input[i] = middle + step;
    double above = Arrays.stream(Evaluator.evaluate(tree, inputs(branch, values)).value()).sum();
    input[i] = middle - step;
    double below = Arrays.stream(Evaluator.evaluate(tree, inputs(branch, values)).value()).sum();
    input[i] = middle;
    return (above - below) / (2 * step);
  }
}
