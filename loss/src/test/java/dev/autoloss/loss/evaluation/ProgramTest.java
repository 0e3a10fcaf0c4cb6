package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.Variable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The interpreter is the oracle of the compiled evaluation. */
class ProgramTest {
  private static final long SEED = 20210604;

  private static Inputs points(Branch branch, int rows, RandomGenerator random) {
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    int columns = branch.classification() ? 3 : 1;
    for (Variable variable : branch.variables()) {
      double[] array = new double[rows * columns];
      for (int i = 0; i < array.length; i++) {
        array[i] =
            switch (random.nextInt(12)) {
              case 0 -> 0;
              case 1 -> 1;
              case 2 -> random.nextDouble(-100, 100);
              default -> random.nextDouble(-4, 4);
            };
      }
      values.put(variable, array);
    }
    return Inputs.of(branch, rows, columns, values);
  }

  private static List<Variable> trained(Branch branch) {
    return branch.classification() ? List.of(Variable.X) : branch.variables();
  }

  private static void same(double expected, double actual, double size, String what) {
    boolean same =
        Double.compare(expected, actual) == 0
            || Math.abs(expected - actual) <= 1e-12 * Math.max(size, Math.abs(expected));
    // Beyond the doubles a sum may be infinite in one order and no number in the other.
    assertTrue(same || !Double.isFinite(size), () -> what + ": " + expected + " ≠ " + actual);
  }

  private static double size(double[] numbers) {
    double size = 0;
    for (double number : numbers) {
      size = Math.max(size, Math.abs(number));
    }
    return size;
  }

  private static void compare(
      Expression expression, Branch branch, Inputs inputs, Registers registers) {
    Evaluation oracle = Evaluator.evaluate(expression, inputs);
    registers.forward(Program.of(expression, branch), inputs);
    registers.backward();
    String what = branch + " " + expression + ", seed " + SEED;
    double[] value = oracle.value();
    for (int i = 0; i < value.length; i++) {
      same(value[i], registers.value(registers.length() == 1 ? 0 : i), 0, what);
    }
    double[] sums = new double[inputs.rows() + 1];
    registers.rowSums(sums, 1);
    double[] expected = Evaluator.rowSums(expression, inputs);
    for (int row = 0; row < expected.length; row++) {
      same(expected[row], sums[row + 1], size(value), what);
    }
    for (Variable variable : trained(branch)) {
      double[] gradient = oracle.gradient(variable);
      double[] found = new double[gradient.length];
      registers.gradient(variable, found);
      for (int i = 0; i < gradient.length; i++) {
        same(gradient[i], found[i], size(gradient), what + " by " + variable);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Branch.class)
  void computesWhatTheInterpreterDoes(Branch branch) {
    var trees = new RandomTrees(branch, SEED, 1, 2, 3, 0.5);
    RandomGenerator random = RandomTrees.random(SEED);
    var registers = new Registers();
    for (int i = 0; i < 4000; i++) {
      compare(
          trees.next(1 + i % 7), branch, points(branch, 1 + random.nextInt(9), random), registers);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void computesTheCatalogue(CatalogueLoss loss) {
    RandomGenerator random = RandomTrees.random(SEED);
    compare(
        loss.expression().orElseThrow(),
        loss.branch(),
        points(loss.branch(), 20, random),
        new Registers());
  }

  @Test
  void someRowsAreAsTheyAreAmongAll() {
    var expression = ExpressionParser.parse("Neg(Dot(Y,Log(Softmax(Mul(X,Z)))))", Branch.TWO_STAGE);
    Inputs inputs = points(Branch.TWO_STAGE, 10, RandomTrees.random(SEED));
    var program = Program.of(expression, Branch.TWO_STAGE);
    double[] all = Evaluator.rowSums(expression, inputs);
    double[] sums = new double[10];
    var registers = new Registers();
    for (int row = 0; row < 10; row += 5) {
      registers.forward(program, inputs, row, 5);
      registers.rowSums(sums, row);
    }
    for (int row = 0; row < 10; row++) {
      assertEquals(all[row], sums[row], 1e-14 * Math.abs(all[row]));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REGRESSION | Add(Div(I,U),Div(I,U)) | 4",
        "REGRESSION | Sub(Mul(I,U),Mul(U,I)) | 4",
        "REGRESSION | Sub(Div(I,U),Div(U,I)) | 5",
        "REGRESSION | Add(I,Log(Add(1,Neg(2)))) | 7",
        "TWO_STAGE | Add(Softmax(1),Dot(2,3)) | 5",
        "TWO_STAGE | Add(Log(Softmax(X)),Softmax(X)) | 4",
      })
  void sharesEqualStepsAndFoldsNumbers(Branch branch, String text, int steps) {
    var expression = ExpressionParser.parse(text, branch);
    // Numbers that were folded into others stay as steps that nothing uses.
    assertEquals(steps, Program.of(expression, branch).steps());
  }

  @Test
  void allocatesNothingOnceItIsWarm() {
    var random = RandomTrees.random(SEED);
    var trees = new ArrayList<PrefixTree>();
    var drawn = new RandomTrees(Branch.TWO_STAGE, SEED, 1, 2, 3);
    for (int i = 0; i < 200; i++) {
      var tree = new PrefixTree();
      // Without constants, whose Softmax is folded by way of an array.
      tree.set(drawn.next(4));
      trees.add(tree);
    }
    Inputs inputs = points(Branch.TWO_STAGE, 64, random);
    var registers = new Registers();
    var program = new Program();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int round = 0; round < 3; round++) {
      before = threads.getCurrentThreadAllocatedBytes();
      for (PrefixTree tree : trees) {
        program.compile(tree, Branch.TWO_STAGE);
        registers.forward(program, inputs);
        registers.backward();
      }
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 64L * trees.size(), bytes + " bytes for 200 programs of 64 × 3 points");
  }
}
