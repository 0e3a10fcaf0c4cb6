package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Numbers that the published code computed in single precision. */
class PublishedCodeTest {
  private static List<double[]> table(String name) throws IOException {
    try (InputStream in = PublishedCodeTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }

  /** Labels 0 to 4 are classes, 5 is background. */
  private static List<Sample> samples(List<double[]> table, int logit, int columns) {
    List<Sample> samples = new ArrayList<>();
    for (int row = 0; row < table.size() / 6; row++) {
      double[] logits = new double[columns];
      for (int column = 0; column < columns; column++) {
        logits[column] = table.get(row * 6 + column)[logit];
      }
      int label = (int) table.get(row * 6)[2];
      samples.add(
          label == 5
              ? Sample.negative(logits)
              : Sample.positive(label, table.get(row * 6)[3], logits));
    }
    return samples;
  }

  @Test
  void twoStageA() throws IOException {
    List<double[]> table = table("published-classification.csv");
    double[] gradient =
        gradient(CatalogueLoss.CSE_A_CLASSIFICATION, samples(table, 5, 6), Branch.TWO_STAGE);
    double[] value =
        Evaluator.rowSums(
            CatalogueLoss.CSE_A_CLASSIFICATION.expression().orElseThrow(),
            Sample.inputs(Branch.TWO_STAGE, samples(table, 5, 6)));
    double total = 0;
    for (int i = 0; i < gradient.length; i++) {
      double weight = table.get(i)[4];
      assertEquals(table.get(i)[6], weight * gradient[i] / 13, 1e-6, "element " + i);
      total += i % 6 == 0 ? weight * value[i / 6] / 13 : 0;
    }
    assertEquals(13.16438102722168, total, 1e-5);
  }

  private static double[] gradient(CatalogueLoss loss, List<Sample> samples, Branch branch) {
    return Evaluator.evaluate(loss.expression().orElseThrow(), Sample.inputs(branch, samples))
        .gradient(Variable.X);
  }

  @Test
  void focal() throws IOException {
    assertOneStage(CatalogueLoss.FOCAL, 8, 1e6, 31);
  }

  /** Above a logit of 8, {@code 1 − σ(x)} is rounding in single precision. */
  @Test
  void oneStageB() throws IOException {
    assertOneStage(CatalogueLoss.CSE_B_CLASSIFICATION, 9, 8, 31);
  }

  /** The published code balances one-stage losses by α = 0.25 for positives and 0.75. */
  private static void assertOneStage(CatalogueLoss loss, int expected, double logits, int least)
      throws IOException {
    List<double[]> table = table("published-classification.csv");
    List<Sample> samples = samples(table, 7, 5);
    double[] gradient = gradient(loss, samples, Branch.ONE_STAGE);
    int compared = 0;
    for (int i = 0; i < gradient.length; i++) {
      double[] line = table.get(i / 5 * 6 + i % 5);
      double balance = line[1] == line[2] ? 0.25 : 0.75;
      if (Math.abs(line[7]) <= logits) {
        double actual = balance * line[4] * gradient[i] / 9;
        assertEquals(line[expected], actual, 1e-6 + 1e-4 * Math.abs(actual), "element " + i);
        compared++;
      }
    }
    assertTrue(compared >= least, "compared " + compared);
  }

  @Test
  void regression() throws IOException {
    assertRegression(CatalogueLoss.CSE_A_REGRESSION, 8, 1, 1.3557957410812378);
    assertRegression(CatalogueLoss.CSE_B_REGRESSION, 12, 0.1, -0.27931711077690125);
    assertRegression(CatalogueLoss.GIOU, 16, 1, 0.8663061857223511);
  }

  private static void assertRegression(
      CatalogueLoss loss, int first, double weight, double expectedTotal) throws IOException {
    double total = 0;
    for (double[] line : table("published-regression.csv")) {
      Box truth = box(line, 4);
      Evaluation evaluation =
          Evaluator.evaluate(
              loss.expression().orElseThrow(),
              BoxPair.inputs(List.of(new BoxPair(box(line, 0), truth))));
      total += weight * evaluation.value()[0] / 6.4;
      for (int side = 0; side < 4; side++) {
        double[] far = moved(line, side, 1e-4, truth);
        double[] near = moved(line, side, -1e-4, truth);
        double sum = 0;
        for (Variable variable : List.of(Variable.I, Variable.U, Variable.E)) {
          int k = Branch.REGRESSION.variables().indexOf(variable);
          sum += evaluation.gradient(variable)[0] * (far[k] - near[k]) / 2e-4;
        }
        assertEquals(line[first + side], weight * sum, 2e-6, loss + Arrays.toString(line));
      }
    }
    assertEquals(expectedTotal, total, 1e-6, loss.label());
  }

  private static double[] moved(double[] line, int side, double step, Box truth) {
    double[] corners = line.clone();
    corners[side] += step;
    var pair = new BoxPair(box(corners, 0), truth);
    return new double[] {pair.intersection(), pair.union(), pair.enclosing()};
  }

  private static Box box(double[] line, int start) {
    return new Box(line[start], line[start + 1], line[start + 2], line[start + 3]);
  }
}
