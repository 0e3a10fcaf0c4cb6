package dev.autoloss.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.autoloss.api.Numerics;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Call;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the two places of an operator's meaning equal: the evaluation on arrays and the tensor
 * graph, both in double precision, values and gradients.
 */
class ExpressionScriptTest {
  private static final int ROWS = 6;
  private static final int CLASSES = 4;
  private static final int TREES_PER_BRANCH = 150;
  private static final int HEIGHT = 5;
  private static final long SEED = 20260101;

  /** Relative to the greater of 1 and the size of the numbers. */
  private static final double TOLERANCE = 1e-9;

  private static final String SUM =
      """
        def total(self: __torch__.Ops, x: Tensor) -> Tensor:
          return torch.sum(x, dtype=None)
      """;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  @Test
  void everyOperatorMeansTheSameInBothPlaces() {
    for (Branch branch : Branch.values()) {
      List<Expression> each = new ArrayList<>();
      for (Expression input : inputs(branch)) {
        Stream.of(UnaryOperator.values())
            .filter(operator -> operator.allowedIn(branch))
            .forEach(operator -> each.add(new Unary(operator, input)));
        for (Expression other : inputs(branch)) {
          Stream.of(BinaryOperator.values())
              .filter(operator -> operator.allowedIn(branch))
              .forEach(operator -> each.add(new Binary(operator, input, other)));
        }
      }
      assertTrue(compare(branch, each) > each.size() * 0.9, "most values are finite");
    }
  }

  @Test
  void everyNamedLossMeansTheSameInBothPlaces() {
    for (Branch branch : Branch.values()) {
      List<Expression> named =
          CatalogueLoss.of(branch).stream().flatMap(loss -> loss.expression().stream()).toList();
      assertEquals(named.size(), compare(branch, named));
    }
  }

  @Test
  void randomTreesMeanTheSameInBothPlaces() {
    int compared = 0;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (Branch branch : Branch.values()) {
      List<Expression> trees = new ArrayList<>();
      for (int i = 0; i < TREES_PER_BRANCH; i++) {
        trees.add(tree(random, branch, HEIGHT));
      }
      compared += compare(branch, trees);
    }
    assertTrue(compared >= 200, compared + " trees compared, seed " + SEED);
  }

  private static List<Expression> inputs(Branch branch) {
    List<Expression> leaves = new ArrayList<>(List.of(new Constant(2), new Constant(-0.5)));
    branch.variables().forEach(variable -> leaves.add(new Input(variable)));
    return leaves;
  }

  private static Expression tree(RandomGenerator random, Branch branch, int height) {
    if (height == 0 || random.nextInt(6) == 0) {
      List<Expression> leaves = inputs(branch);
      return leaves.get(random.nextInt(leaves.size()));
    }
    List<Object> operators = new ArrayList<>();
    Stream.of(UnaryOperator.values()).filter(o -> o.allowedIn(branch)).forEach(operators::add);
    Stream.of(BinaryOperator.values())
        .filter(o -> o.allowedIn(branch))
        .forEach(operator -> operators.addAll(List.of(operator, operator, operator)));
    return switch (operators.get(random.nextInt(operators.size()))) {
      case UnaryOperator unary -> new Unary(unary, tree(random, branch, height - 1));
      case BinaryOperator binary ->
          new Binary(binary, tree(random, branch, height - 1), tree(random, branch, height - 1));
      default -> throw new AssertionError();
    };
  }

  /** Compares and counts the expressions whose values are all finite. */
  private static int compare(Branch branch, List<Expression> expressions) {
    Inputs inputs = points(branch);
    List<String> scripts = new ArrayList<>(List.of(SUM));
    for (int i = 0; i < expressions.size(); i++) {
      scripts.add(ExpressionScript.method("loss" + i, expressions.get(i), branch, Numerics.EXACT));
    }
    int compared = 0;
    try (Torch torch = Torch.open(false, 2, scripts)) {
      for (int i = 0; i < expressions.size(); i++) {
        compared += compare(torch, "loss" + i, expressions.get(i), inputs) ? 1 : 0;
      }
    }
    return compared;
  }

  private static boolean compare(Torch torch, String method, Expression loss, Inputs inputs) {
    Evaluation expected = Evaluator.evaluate(loss, inputs);
    try (Step _ = torch.step(true)) {
      Map<Variable, Tensor> tensors = new EnumMap<>(Variable.class);
      Call call = torch.call(method);
      for (Variable variable : inputs.branch().variables()) {
        Tensor tensor = torch.trained(torch.tensor(inputs.of(variable), shape(inputs)));
        tensors.put(variable, tensor);
        call.with(tensor);
      }
      Tensor value = call.tensor();
      double[] actual = value.doubles();
      if (actual.length == 1) {
        assertClose(loss, "value", new double[] {expected.value()[0]}, actual);
      } else {
        assertClose(loss, "value", expected.value(), actual);
      }
      List<Variable> used =
          inputs.branch().variables().stream()
              .filter(variable -> ExpressionScript.uses(loss, variable))
              .toList();
      if (!used.isEmpty()) {
        torch.backward(torch.call("total").with(value).tensor());
      }
      for (Variable variable : used) {
        double[] gradient = torch.gradient(tensors.get(variable)).doubles();
        double[] wanted = expected.gradient(variable);
        dropWhereNotFinite(expected, wanted, gradient);
        assertClose(loss, "gradient by " + variable, wanted, gradient);
      }
      return DoubleStream.of(actual).allMatch(Double::isFinite);
    }
  }

  /** A row without a finite value has no gradient to speak of. */
  private static void dropWhereNotFinite(Evaluation expected, double[] wanted, double[] actual) {
    int width = wanted.length / expected.rows();
    for (int i = 0; i < expected.value().length; i++) {
      if (!Double.isFinite(expected.value()[i])) {
        int row = i / expected.columns();
        Arrays.fill(wanted, row * width, (row + 1) * width, 0);
        Arrays.fill(actual, row * width, (row + 1) * width, 0);
      }
    }
  }

  private static void assertClose(
      Expression loss, String what, double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length, loss + " " + what);
    double size = 1;
    for (double number : expected) {
      size = Double.isFinite(number) ? Math.max(size, Math.abs(number)) : size;
    }
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Double.isFinite(expected[i])
              ? Math.abs(expected[i] - actual[i]) <= TOLERANCE * size
              : Double.compare(expected[i], actual[i]) == 0;
      if (!close) {
        fail(
            "%s %s[%d]: %s on arrays, %s as a graph"
                .formatted(loss, what, i, expected[i], actual[i]));
      }
    }
  }

  private static long[] shape(Inputs inputs) {
    return inputs.branch().classification()
        ? new long[] {inputs.rows(), inputs.columns()}
        : new long[] {inputs.rows()};
  }

  private static Inputs points(Branch branch) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED + 1);
    int columns = branch.classification() ? CLASSES : 1;
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    for (Variable variable : branch.variables()) {
      values.put(variable, new double[ROWS * columns]);
    }
    for (int row = 0; row < ROWS; row++) {
      int label = row % CLASSES;
      double overlap = random.nextDouble(0.05, 1);
      double intersection = random.nextDouble(0.5, 20);
      double union = intersection + random.nextDouble(0.5, 20);
      double enclosing = union + random.nextDouble(0.5, 20);
      for (int column = 0; column < columns; column++) {
        double hit = column == label ? 1 : 0;
        for (Variable variable : branch.variables()) {
          values.get(variable)[row * columns + column] =
              switch (variable) {
                case X -> random.nextDouble(-6, 6);
                case Y, PY -> hit;
                case NY -> 1 - hit;
                case Z -> overlap;
                case Q -> overlap * hit;
                case I -> intersection;
                case U -> union;
                case E -> enclosing;
              };
        }
      }
    }
    return Inputs.of(branch, ROWS, columns, values);
  }
}
