package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputsTest {
  private static final double[][] ROW = {{1, 2}};

  @Test
  void keepsRowsInOrder() {
    double[][] x = {{1, 2}, {3, 4}, {5, 6}};
    Inputs inputs =
        Inputs.of(Branch.TWO_STAGE, Map.of(Variable.X, x, Variable.Y, x, Variable.Z, x));
    x[0][0] = 99;
    assertEquals(3, inputs.rows());
    assertEquals(2, inputs.columns());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, inputs.of(Variable.X));
    inputs.of(Variable.X)[0] = 99;
    assertEquals(1, inputs.of(Variable.X)[0]);
  }

  @Test
  void namesWhatIsWrong() {
    assertRefused(
        "input Z is missing, expected [X, Y, Z]", Map.of(Variable.X, ROW, Variable.Y, ROW));
    assertRefused(
        "I is no input of the two-stage branch, expected [X, Y, Z]",
        Map.of(Variable.X, ROW, Variable.Y, ROW, Variable.Z, ROW, Variable.I, ROW));
    assertRefused(
        "0 rows of 0 columns, expected at least one each",
        Map.of(
            Variable.X, new double[0][],
            Variable.Y, new double[0][],
            Variable.Z, new double[0][]));
    assertRefused(
        "Y has 2 columns in row 0, expected 3 columns",
        Map.of(Variable.X, new double[][] {{1, 2, 3}}, Variable.Y, ROW, Variable.Z, ROW));
    assertRefused(
        "Z has 1 rows, expected 2 rows",
        Map.of(
            Variable.X, new double[][] {{1, 2}, {1, 2}},
            Variable.Y, new double[][] {{1, 2}, {1, 2}},
            Variable.Z, ROW));
    assertRefused(
        "X has 1 columns in row 1, expected 2 columns",
        Map.of(
            Variable.X, new double[][] {{1, 2}, {1}},
            Variable.Y, new double[][] {{1, 2}, {1, 2}},
            Variable.Z, new double[][] {{1, 2}, {1, 2}}));
  }

  private static void assertRefused(String message, Map<Variable, double[][]> values) {
    var exception =
        assertThrows(IllegalArgumentException.class, () -> Inputs.of(Branch.TWO_STAGE, values));
    assertEquals(message, exception.getMessage());
  }

  @Test
  void regressionHasOneColumn() {
    var exception =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Inputs.of(
                    Branch.REGRESSION, Map.of(Variable.I, ROW, Variable.U, ROW, Variable.E, ROW)));
    assertEquals("2 columns in the regression branch, expected one", exception.getMessage());
  }

  @Test
  void anExpressionOfAnotherBranchIsRefused() {
    Inputs inputs = BoxPair.inputs(List.of(new BoxPair(new Box(0, 0, 1, 1), new Box(0, 0, 1, 1))));
    var exception =
        assertThrows(
            IllegalArgumentException.class,
            () -> Evaluator.evaluate(ExpressionParser.parse("X", Branch.TWO_STAGE), inputs));
    assertEquals("X is no input of the regression branch", exception.getMessage());
  }

  @Test
  void samplesBecomeTheInputsOfADetector() {
    List<Sample> samples = List.of(Sample.positive(1, 0.4, 5, 6, 7), Sample.negative(8, 9, 10));
    Inputs two = Sample.inputs(Branch.TWO_STAGE, samples);
    assertArrayEquals(new double[] {5, 6, 7, 8, 9, 10}, two.of(Variable.X));
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 1}, two.of(Variable.Y));
    assertArrayEquals(new double[] {0.4, 0.4, 0.4, 1, 1, 1}, two.of(Variable.Z));
    Inputs one = Sample.inputs(Branch.ONE_STAGE, samples);
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0}, one.of(Variable.PY));
    assertArrayEquals(new double[] {1, 0, 1, 1, 1, 1}, one.of(Variable.NY));
    assertArrayEquals(new double[] {0, 0.4, 0, 0, 0, 0}, one.of(Variable.Q));
    assertThrows(IllegalArgumentException.class, () -> Sample.positive(3, 1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> Sample.inputs(Branch.REGRESSION, samples));
    assertThrows(IllegalArgumentException.class, () -> Sample.inputs(Branch.ONE_STAGE, List.of()));
  }

  @Test
  void boxPairsBecomeAreas() {
    var truth = new Box(0, 0, 4, 2);
    var half = new BoxPair(new Box(2, 0, 6, 2), truth);
    assertEquals(4, half.intersection());
    assertEquals(12 + 1e-7, half.union());
    assertEquals(12 + 1e-7, half.enclosing());
    var apart = new BoxPair(new Box(5, 3, 6, 4), truth);
    assertEquals(0, apart.intersection());
    assertEquals(9 + 1e-7, apart.union());
    assertEquals(24 + 1e-7, apart.enclosing());
    assertEquals(1, new BoxPair(truth, truth).overlap(), 1e-7);
    assertThrows(IllegalArgumentException.class, () -> new Box(1, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Box(0, 0, Double.NaN, 1));
  }
}
