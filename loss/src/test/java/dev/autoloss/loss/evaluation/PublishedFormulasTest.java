package dev.autoloss.loss.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The four published losses against their closed forms, with gradients derived by hand. */
class PublishedFormulasTest {
  private static final double RELATIVE = 1e-12;
  private static final int ROWS = 400;

  private static Evaluation evaluate(CatalogueLoss loss, Inputs inputs) {
    return Evaluator.evaluate(loss.expression().orElseThrow(), inputs);
  }

  private static void assertClose(double expected, double actual, String what) {
    assertEquals(expected, actual, RELATIVE * Math.abs(expected), what);
  }

  /** {@code (1 + sin w)(log Σ exp(x) − x_t)}, by x: {@code (1 + sin w)(p − y)}. */
  @Test
  void twoStageA() {
    for (long seed = 0; seed < 5; seed++) {
      RandomGenerator random = RandomTrees.random(seed);
      List<Sample> samples = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        double[] logits = random.doubles(5, -8, 8).toArray();
        samples.add(
            row % 3 == 0
                ? Sample.negative(logits)
                : Sample.positive(random.nextInt(4), random.nextDouble(), logits));
      }
      Evaluation evaluation =
          evaluate(CatalogueLoss.CSE_A_CLASSIFICATION, Sample.inputs(Branch.TWO_STAGE, samples));
      assertEquals(1, evaluation.columns());
      double[] value = evaluation.value();
      double[] gradient = evaluation.gradient(Variable.X);
      double[] byOverlap = evaluation.gradient(Variable.Z);
      for (int row = 0; row < ROWS; row++) {
        Sample sample = samples.get(row);
        int label = sample.label().orElse(4);
        double others = 0;
        for (int column = 0; column < 5; column++) {
          double gap = sample.logits().get(column) - sample.logits().get(label);
          others += column == label ? 0 : Math.exp(gap);
        }
        double entropy = Math.log1p(others);
        double weight = 1 + Math.sin(sample.overlap());
        String what = "seed " + seed + " row " + row;
        assertClose(weight * entropy, value[row], what);
        for (int column = 0; column < 5; column++) {
          double gap = sample.logits().get(column) - sample.logits().get(label);
          double expected = weight * (column == label ? -others : Math.exp(gap)) / (1 + others);
          assertClose(expected, gradient[row * 5 + column], what + " column " + column);
        }
        assertClose(
            Math.cos(sample.overlap()) * entropy, byOverlap[row * 5 + label], what + " by Z");
      }
    }
  }

  /**
   * With {@code s = σ(x)}, {@code g = (2/π) atan(exp(πx/4))}, {@code q = w y}, and {@code k = 1 +
   * erf_s(½)}, as {@code q} is 0 where {@code y} is.
   */
  @Test
  void oneStageB() {
    double k = 1.6229759294;
    for (long seed = 0; seed < 5; seed++) {
      RandomGenerator random = RandomTrees.random(seed);
      List<Sample> samples = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        double[] logits = random.doubles(4, -8, 8).toArray();
        samples.add(
            row % 3 == 0
                ? Sample.negative(logits)
                : Sample.positive(
                    random.nextInt(4), row % 3 == 1 ? 1 : random.nextDouble(), logits));
      }
      Evaluation evaluation =
          evaluate(CatalogueLoss.CSE_B_CLASSIFICATION, Sample.inputs(Branch.ONE_STAGE, samples));
      double[] value = evaluation.value();
      double[] gradient = evaluation.gradient(Variable.X);
      for (int row = 0; row < ROWS; row++) {
        Sample sample = samples.get(row);
        for (int column = 0; column < 4; column++) {
          double q = sample.label().orElse(-1) == column ? sample.overlap() : 0;
          assertOneStageB(
              sample.logits().get(column),
              q,
              k,
              value[row * 4 + column],
              gradient[row * 4 + column],
              "seed %d row %d column %d".formatted(seed, row, column));
        }
      }
    }
  }

  private static void assertOneStageB(
      double x, double q, double factor, double value, double gradient, String what) {
    double s = 1 / (1 + Math.exp(-x));
    double t = 1 / (1 + Math.exp(x));
    double logS = -Math.log1p(Math.exp(-x));
    double logT = -Math.log1p(Math.exp(x));
    double g = 2 / Math.PI * Math.atan(Math.exp(Math.PI * x / 4));
    double g1 = 0.25 / Math.cosh(Math.PI * x / 4);
    // At q = 1 the differences s − q and g − q are −t and −gd(−x), without rounding.
    double sq = q == 1 ? -t : s - q;
    double gq = q == 1 ? -2 / Math.PI * Math.atan(Math.exp(-Math.PI * x / 4)) : g - q;
    double k = 1 + serfOfOneHalf();
    assertEquals(factor, k, 1e-5);
    double[] terms = {-q * k * logS, -gq * sq * logT};
    double[] slopes = {-q * k * t, -g1 * sq * logT, -gq * s * t * logT, gq * sq * s};
    // The terms have both signs below overlap 1: a digit lost there is not the evaluation's.
    assertEquals(
        terms[0] + terms[1], value, RELATIVE * (Math.abs(terms[0]) + Math.abs(terms[1])), what);
    double sum = 0;
    double size = 0;
    for (double slope : slopes) {
      sum += slope;
      size += Math.abs(slope);
    }
    assertEquals(sum, gradient, RELATIVE * size, what + " gradient");
  }

  /** {@code (erf(√π/8) + 1)/2} by the Taylor series of erf. */
  private static double serfOfOneHalf() {
    double z = Math.sqrt(Math.PI) / 8;
    double term = z;
    double sum = 0;
    for (int n = 0; n < 20; n++) {
      sum += term / (2 * n + 1);
      term *= -z * z / (n + 1);
    }
    return (2 / Math.sqrt(Math.PI) * sum + 1) / 2;
  }

  private static Inputs areas(long seed, boolean large) {
    RandomGenerator random = RandomTrees.random(seed);
    double[] i = new double[ROWS];
    double[] u = new double[ROWS];
    double[] e = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      u[row] = (large ? 1e4 : 50) * random.nextDouble() + 1e-7;
      i[row] = row % 5 == 0 ? 0 : u[row] * random.nextDouble();
      e[row] = u[row] * (1 + random.nextDouble());
    }
    return Inputs.of(
        Branch.REGRESSION, ROWS, 1, Map.of(Variable.I, i, Variable.U, u, Variable.E, e));
  }

  /** {@code 2 − i/u − (i + 2)/e}. */
  @Test
  void regressionA() {
    for (long seed = 0; seed < 10; seed++) {
      Inputs inputs = areas(seed, seed % 2 == 0);
      Evaluation evaluation = evaluate(CatalogueLoss.CSE_A_REGRESSION, inputs);
      for (int row = 0; row < ROWS; row++) {
        double i = inputs.of(Variable.I)[row];
        double u = inputs.of(Variable.U)[row];
        double e = inputs.of(Variable.E)[row];
        String what = "seed " + seed + " row " + row;
        double size = 2 + i / u + (i + 2) / e;
        assertEquals(2 - i / u - (i + 2) / e, evaluation.value()[row], RELATIVE * size, what);
        assertClose(-1 / u - 1 / e, evaluation.gradient(Variable.I)[row], what);
        assertClose(i / (u * u), evaluation.gradient(Variable.U)[row], what);
        assertEquals(
            (i + 2) / (e * e),
            evaluation.gradient(Variable.E)[row],
            RELATIVE * (1 / e + (i + 2) / (e * e)),
            what);
      }
    }
  }

  /** {@code n/d = 3(eu + 4e + i + u + 6)/((u + 5)(i + u − 3e))}. */
  @Test
  void regressionB() {
    for (long seed = 0; seed < 10; seed++) {
      Inputs inputs = areas(seed, seed % 2 == 0);
      Evaluation evaluation = evaluate(CatalogueLoss.CSE_B_REGRESSION, inputs);
      for (int row = 0; row < ROWS; row++) {
        double i = inputs.of(Variable.I)[row];
        double u = inputs.of(Variable.U)[row];
        double e = inputs.of(Variable.E)[row];
        String what = "seed " + seed + " row " + row;
        double n = 3 * (e * u + 4 * e + i + u + 6);
        double d = (u + 5) * (i + u - 3 * e);
        assertClose(n / d, evaluation.value()[row], what);
        double byI = (3 * d - n * (u + 5)) / (d * d);
        double byU = (3 * (e + 1) * d - n * (i + u - 3 * e + u + 5)) / (d * d);
        double byE = (3 * (u + 4) * d + 3 * n * (u + 5)) / (d * d);
        assertNear(byI, 3 / d, n * (u + 5) / (d * d), evaluation.gradient(Variable.I)[row], what);
        assertNear(byU, 3 * (e + 1) / d, n / d, evaluation.gradient(Variable.U)[row], what);
        assertNear(
            byE,
            3 * (u + 4) / d,
            3 * n * (u + 5) / (d * d),
            evaluation.gradient(Variable.E)[row],
            what);
      }
    }
  }

  /** Near relative to the parts of a difference that may cancel. */
  private static void assertNear(
      double expected, double part, double other, double actual, String what) {
    assertEquals(expected, actual, RELATIVE * (Math.abs(part) + Math.abs(other)), what);
  }
}
