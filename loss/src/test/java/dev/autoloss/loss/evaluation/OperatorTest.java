package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperatorTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Values and derivatives with 17 digits, mpmath 1.3.0; x = 2, −3 and 0 where defined. */
  @ParameterizedTest
  @CsvSource({
    "Neg, 2, -2, -1",
    "Exp, 2, 7.389056098930650227, 7.389056098930650227",
    "Exp, 88, 1.6516362549940018555e38, 1.6516362549940018555e38",
    "Exp, 89, 1.6516362549940018555e38, 0",
    "Log, 2, 0.69314718055994530942, 0.5",
    "Log, 0, -46.051701859880913680, 1e20",
    "Abs, -3, 3, -1",
    "Abs, 0, 0, 0",
    "Sqrt, 2, 1.4142135623730950488, 0.35355339059327376220",
    "Sqrt, 0, 0, Infinity",
    "Softplus, 2, 2.1269280110429724964, 0.88079707797788244406",
    "Softplus, -40, 4.2483542552915889773e-18, 4.2483542552915889773e-18",
    "Softplus, 1000, 1000, 1",
    "Sig, 2, 0.88079707797788244406, 0.10499358540350651735",
    "Sig, -40, 4.2483542552915889773e-18, 4.2483542552915889773e-18",
    "Sig, 1000, 1, 0",
    "Sig, -1000, 0, 0",
    "Tanh, 2, 0.96402758007581688395, 0.070650824853164465686",
    "Relu, 2, 2, 1",
    "Relu, 0, 0, 0",
    "Relu, -3, 0, 0",
    "Sin, 2, 0.90929742682568169540, -0.41614683654714238700",
    "Cos, 2, -0.41614683654714238700, -0.90929742682568169540",
    "Serf, 0, 0.5, 0.25",
    "Salf, 0, 0.5, 0.25",
    "Sgdf, 0, 0.5, 0.25",
    "Serfc, 0, 0.5, -0.25",
  })
  void unaryOperatorsHaveTheirMeaning(String symbol, double x, double value, double gradient) {
    Expression expression = ExpressionParser.parse(symbol + "(X)", Branch.ONE_STAGE);
    Evaluation evaluation = Evaluator.evaluate(expression, oneStage(x));
    assertEquals(value, evaluation.value()[0], 2e-16 * Math.abs(value));
    double result = evaluation.gradient(Variable.X)[0];
    assertEquals(gradient, result, 4e-16 * Math.abs(gradient));
  }

  private static Inputs oneStage(double... x) {
    double[] zeros = new double[x.length];
    return Inputs.of(
        Branch.ONE_STAGE,
        x.length,
        1,
        Map.of(Variable.X, x, Variable.Q, zeros, Variable.PY, zeros, Variable.NY, zeros));
  }

  @ParameterizedTest
  @CsvSource({"Log, -1", "Sqrt, -1", "Sig, NaN", "Relu, NaN", "Exp, NaN", "Abs, NaN", "Serf, NaN"})
  void nanIsAValue(String symbol, double x) {
    Expression expression = ExpressionParser.parse(symbol + "(X)", Branch.ONE_STAGE);
    assertTrue(Double.isNaN(Evaluator.evaluate(expression, oneStage(x)).value()[0]));
  }

  @Test
  void infinityIsAValue() {
    Expression expression = ExpressionParser.parse("Mul(Exp(X),Exp(X))", Branch.ONE_STAGE);
    Expression square = ExpressionParser.parse("Mul(1e300,Mul(X,1e300))", Branch.ONE_STAGE);
    assertEquals(INFINITY, Evaluator.evaluate(square, oneStage(1)).value()[0]);
    assertTrue(Double.isFinite(Evaluator.evaluate(expression, oneStage(1e9)).value()[0]));
    Expression none = ExpressionParser.parse("Sub(X,X)", Branch.ONE_STAGE);
    assertEquals(NAN, Evaluator.evaluate(none, oneStage(INFINITY)).value()[0]);
  }

  /** The S-curves as the table defines them, in the middle where they lose no digits. */
  @Test
  void scaledCurvesEqualTheirDefinitions() {
    for (double x = -4; x <= 4; x += 0.125) {
      double gudermann = 2 * Math.atan(Math.tanh(Math.PI * x / 8));
      assertEquals((2 / Math.PI * gudermann + 1) / 2, value("Sgdf(X)", x), 1e-15, "Sgdf at " + x);
      double half = x / 2;
      assertEquals(
          (half / Math.sqrt(1 + half * half) + 1) / 2, value("Salf(X)", x), 1e-15, "Salf at " + x);
      assertEquals(1 - value("Serf(X)", x), value("Serfc(X)", x), 1e-15, "Serfc at " + x);
    }
    assertEquals(0.8950, value("Serf(X)", 2), 5e-5);
    assertEquals(0.8536, value("Salf(X)", 2), 5e-5);
    assertEquals(0.8695, value("Sgdf(X)", 2), 5e-5);
    // (1 + erf(−2√π))/2 with 50 digits: the definition as written would lose ten of them.
    assertEquals(2.675823309799024e-7, value("Serf(X)", -8), 1e-21);
  }

  private static double value(String text, double x) {
    return Evaluator.evaluate(ExpressionParser.parse(text, Branch.ONE_STAGE), oneStage(x))
        .value()[0];
  }

  @ParameterizedTest
  @EnumSource(UnaryOperator.class)
  void unaryGradientsEqualCentralDifferences(UnaryOperator operator) {
    var expression =
        new Expression.Binary(
            BinaryOperator.MUL,
            new Expression.Input(Variable.Y),
            new Expression.Unary(operator, new Expression.Input(Variable.X)));
    compareWithCentralDifferences(expression, 0);
  }

  @ParameterizedTest
  @EnumSource(BinaryOperator.class)
  void binaryGradientsEqualCentralDifferences(BinaryOperator operator) {
    var x = new Expression.Input(Variable.X);
    var y = new Expression.Input(Variable.Y);
    var dot = new Expression.Binary(BinaryOperator.DOT, x, new Expression.Input(Variable.Z));
    var number = new Expression.Constant(3);
    compareWithCentralDifferences(new Expression.Binary(operator, x, y), 1);
    compareWithCentralDifferences(new Expression.Binary(operator, x, x), 2);
    compareWithCentralDifferences(new Expression.Binary(operator, x, dot), 3);
    compareWithCentralDifferences(new Expression.Binary(operator, dot, x), 4);
    compareWithCentralDifferences(new Expression.Binary(operator, dot, dot), 5);
    compareWithCentralDifferences(new Expression.Binary(operator, number, x), 6);
    compareWithCentralDifferences(new Expression.Binary(operator, dot, number), 7);
  }

  /** Inputs in [0.2, 3], away from kinks and poles. */
  private static void compareWithCentralDifferences(Expression expression, long seed) {
    RandomGenerator random = RandomTrees.random(seed);
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    for (Variable variable : Branch.TWO_STAGE.variables()) {
      values.put(variable, random.doubles(12, 0.2, 3).toArray());
    }
    Evaluation evaluation =
        Evaluator.evaluate(expression, Inputs.of(Branch.TWO_STAGE, 3, 4, values));
    for (var entry : values.entrySet()) {
      double[] gradient = evaluation.gradient(entry.getKey());
      for (int i = 0; i < gradient.length; i++) {
        double difference = difference(expression, values, entry.getValue(), i);
        assertEquals(
            difference,
            gradient[i],
            1e-8 * Math.max(1, Math.abs(difference)),
            expression + " by " + entry.getKey() + i + ", seed " + seed);
      }
    }
  }

  /** Of fourth order in the step. */
  private static double difference(
      Expression expression, Map<Variable, double[]> values, double[] input, int i) {
    double step = 1e-3;
    double middle = input[i];
    double[] sums = new double[5];
    for (int k = -2; k <= 2; k++) {
      input[i] = middle + k * step;
      for (double v :
          Evaluator.evaluate(expression, Inputs.of(Branch.TWO_STAGE, 3, 4, values)).value()) {
        sums[k + 2] += v;
      }
    }
    input[i] = middle;
    return (sums[0] - 8 * sums[1] + 8 * sums[3] - sums[4]) / (12 * step);
  }

  @Test
  void divisionAddsItsEpsilon() {
    Expression expression = ExpressionParser.parse("Div(1,X)", Branch.ONE_STAGE);
    Evaluation evaluation = Evaluator.evaluate(expression, oneStage(0, -2));
    assertArrayEquals(new double[] {1e20, -0.5}, evaluation.value());
    assertEquals(-1e40, evaluation.gradient(Variable.X)[0], 1e25);
  }

  @Test
  void dotGivesOneNumberARowThatBroadcasts() {
    Map<Variable, double[][]> values =
        Map.of(
            Variable.X, new double[][] {{1, 2, 3}, {4, 5, 6}},
            Variable.Y, new double[][] {{1, 0, 2}, {0, 1, 0}},
            Variable.Z, new double[][] {{7, 7, 7}, {8, 8, 8}});
    Inputs inputs = Inputs.of(Branch.TWO_STAGE, values);

    Evaluation dot = evaluate("Dot(X,Y)", inputs);
    assertEquals(2, dot.rows());
    assertEquals(1, dot.columns());
    assertArrayEquals(new double[] {7, 5}, dot.value());
    assertArrayEquals(new double[] {1, 0, 2, 0, 1, 0}, dot.gradient(Variable.X));
    assertArrayEquals(new double[6], dot.gradient(Variable.Z));

    Evaluation repeated = evaluate("Add(X,Dot(X,Y))", inputs);
    assertEquals(3, repeated.columns());
    assertArrayEquals(new double[] {8, 9, 10, 9, 10, 11}, repeated.value());
    assertArrayEquals(new double[] {4, 1, 7, 1, 4, 1}, repeated.gradient(Variable.X));

    assertArrayEquals(new double[] {12, 30}, evaluate("Dot(X,2)", inputs).value());
    assertArrayEquals(new double[] {49, 25}, evaluate("Dot(Dot(X,Y),Dot(X,Y))", inputs).value());
    assertArrayEquals(new double[] {1, 1}, evaluate("Softmax(Dot(X,Y))", inputs).value());
    assertArrayEquals(new double[] {8, 6}, Evaluator.rowSums(parse("Add(1,Dot(X,Y))"), inputs));
    assertArrayEquals(new double[] {9, 18}, Evaluator.rowSums(parse("Add(1,X)"), inputs));
  }

  @Test
  void anExpressionWithoutInputsIsRepeated() {
    Inputs inputs = Sample.inputs(Branch.TWO_STAGE, List.of(Sample.negative(1, 2)));
    Evaluation constant = evaluate("Dot(2,3)", inputs);
    assertEquals(2, constant.columns());
    assertArrayEquals(new double[] {6, 6}, constant.value());
    assertArrayEquals(new double[2], constant.gradient(Variable.X));
    assertThrows(IllegalArgumentException.class, () -> constant.gradient(Variable.I));
  }

  @Test
  void softmaxSurvivesLargeLogitsAndKeepsTheDigitsOfASureClass() {
    Inputs inputs = Sample.inputs(Branch.TWO_STAGE, List.of(Sample.negative(-700, 900)));
    assertArrayEquals(new double[] {0, 1}, evaluate("Softmax(X)", inputs).value());
    assertArrayEquals(
        new double[] {Math.log(1e-20), 0}, evaluate("Log(Softmax(X))", inputs).value(), 1e-14);
    Inputs sure = Sample.inputs(Branch.TWO_STAGE, List.of(Sample.negative(-8, 8)));
    Evaluation evaluation = evaluate("Neg(Dot(Y,Log(Softmax(X))))", sure);
    // What Log adds to the share of 1.
    double loss = Math.log1p(Math.exp(-16)) - 1e-20;
    double gradient = -1 / (1 + Math.exp(16));
    assertEquals(loss, evaluation.value()[0], 1e-14 * loss);
    assertEquals(gradient, evaluation.gradient(Variable.X)[1], 1e-14 * -gradient);
  }

  private static Expression parse(String text) {
    return ExpressionParser.parse(text, Branch.TWO_STAGE);
  }

  private static Evaluation evaluate(String text, Inputs inputs) {
    return Evaluator.evaluate(parse(text), inputs);
  }
}
