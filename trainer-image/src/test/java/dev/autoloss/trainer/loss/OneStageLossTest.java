package dev.autoloss.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.loss.OneStageLoss.Boxes;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients against finite differences in double precision, closed forms, and the edges. */
class OneStageLossTest {
  private static final int POINTS = 7;
  private static final int CLASSES = 3;
  private static final int IMAGES = 2;
  private static final double DELTA = 1e-6;

  private static final OneStageTarget TARGET =
      OneStageTarget.fcos(
          new long[] {3, 0, 3, 2, 1, 3, 2},
          new long[] {1, 3, 4, 6},
          new float[] {
            1, 1, 2, 2, 0.5f, 1.5f, 1, 0.25f, 3, 3, 3, 3, 0.75f, 0.5f, 0.25f, 1,
          },
          IMAGES);

  private static final OneStageTarget BACKGROUND =
      OneStageTarget.fcos(new long[] {3, 3, 3, 3, 3, 3, 3}, new long[0], new float[0], IMAGES);

  private final double[] logits = numbers(1, POINTS * CLASSES, -3, 3);
  private final double[] distances = numbers(2, POINTS * 4, 0.2, 3);
  private final double[] centerness = numbers(3, POINTS, -2, 2);

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** Total, parts and gradients at some prediction. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Result(double total, double[] parts, double[][] gradients) {}

  private static Result run(
      OneStageLoss loss, OneStageTarget target, double[] x, double[] d, double[] c) {
    try (Torch torch = Torch.open(false, 2, loss.scripts())) {
      return run(torch, loss, target, new double[][] {x, d, c});
    }
  }

  private static Result run(
      Torch torch, OneStageLoss loss, OneStageTarget target, double[][] inputs) {
    try (Step _ = torch.step(true)) {
      Tensor logits = torch.trained(torch.tensor(inputs[0], POINTS, CLASSES));
      Tensor distances = torch.trained(torch.tensor(inputs[1], POINTS, 4));
      Tensor centerness = torch.trained(torch.tensor(inputs[2], POINTS, 1));
      var prediction = new Prediction(logits, distances, centerness);
      Terms terms = loss.terms(torch, prediction, target, Reduction.ALONE);
      torch.backward(terms.total());
      double[][] gradients = {
        torch.gradient(logits).doubles(),
        torch.gradient(distances).doubles(),
        torch.gradient(centerness).doubles()
      };
      return new Result(terms.total().doubles()[0], terms.parts().doubles(), gradients);
    }
  }

  private static OneStageLoss loss(
      String classification, String regression, BoxWeighting weighting) {
    return new OneStageLoss(
        LossPair.oneStage(new LossChoice(term(classification, 1), term(regression, 1), weighting)),
        Boxes.DISTANCES);
  }

  private static LossTerm term(String text, double weight) {
    if (text == null) {
      return null;
    }
    boolean expression = text.contains("(") || text.matches("[-0-9.]+|[A-Z]{1,2}");
    return new LossTerm(expression ? null : text, expression ? text : null, weight);
  }

  private static double[] numbers(long seed, int count, double low, double high) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return DoubleStream.generate(() -> random.nextDouble(low, high)).limit(count).toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Focal;GIoU",
        "FLI;IoU",
        "CseBClassification;CseBRegression",
        "CseBClassification;CseARegression",
        "Mul(NY,Softplus(X));L1",
        "Focal;SmoothL1",
        "Focal;DIoU",
        "Mul(Softmax(X),Salf(X));Div(Sub(E,I),Sqrt(U))"
      })
  void gradientsAreFiniteDifferences(String classification, String regression) {
    OneStageLoss loss = loss(classification, regression, BoxWeighting.RELEASED);
    double[][] inputs = {logits, distances, centerness};
    try (Torch torch = Torch.open(false, 2, loss.scripts())) {
      Result at = run(torch, loss, TARGET, inputs);
      for (int input = 0; input < inputs.length; input++) {
        for (int i = 0; i < inputs[input].length; i++) {
          double kept = inputs[input][i];
          inputs[input][i] = kept + DELTA;
          double[] above = run(torch, loss, TARGET, inputs).parts();
          inputs[input][i] = kept - DELTA;
          double[] below = run(torch, loss, TARGET, inputs).parts();
          inputs[input][i] = kept;
          // The overlap has no gradient on purpose: each input moves one part only.
          double slope = (above[input] - below[input]) / (2 * DELTA);
          assertEquals(slope, at.gradients()[input][i], 1e-6, "input " + input + " number " + i);
        }
      }
    }
  }

  @Test
  void intendedWeightingIsByOverlapAndReleasedIsTheMean() {
    double[] overlaps = new double[4];
    double[] values = new double[4];
    for (int i = 0; i < 4; i++) {
      int point = (int) TARGET.positives()[i];
      double width = 0;
      double height = 0;
      double sum = 0;
      double[] area = new double[2];
      for (int box = 0; box < 2; box++) {
        double[] side = new double[4];
        for (int k = 0; k < 4; k++) {
          side[k] = box == 0 ? distances[4 * point + k] : TARGET.distances()[4 * i + k];
        }
        area[box] = (side[0] + side[2]) * (side[1] + side[3]);
      }
      for (int k = 0; k < 4; k++) {
        double least = Math.min(distances[4 * point + k], TARGET.distances()[4 * i + k]);
        width += k % 2 == 0 ? least : 0;
        height += k % 2 == 1 ? least : 0;
        sum += Math.abs(distances[4 * point + k] - TARGET.distances()[4 * i + k]);
      }
      overlaps[i] = width * height / (area[0] + area[1] - width * height);
      values[i] = sum;
    }
    double weighted = 0;
    for (int i = 0; i < 4; i++) {
      weighted += overlaps[i] * values[i] / DoubleStream.of(overlaps).sum();
    }
    double intended =
        run(loss(null, "L1", BoxWeighting.INTENDED), TARGET, logits, distances, centerness)
            .parts()[1];
    double released =
        run(loss(null, "L1", BoxWeighting.RELEASED), TARGET, logits, distances, centerness)
            .parts()[1];
    assertEquals(weighted, intended, 1e-9);
    assertEquals(DoubleStream.of(values).average().orElseThrow(), released, 1e-9);
  }

  @Test
  void classificationIsBalancedAndDividedByPositivesAndImages() {
    double expected = 0;
    for (int point = 0; point < POINTS; point++) {
      for (int label = 0; label < CLASSES; label++) {
        double x = logits[point * CLASSES + label];
        double s = 1 / (1 + Math.exp(-x));
        expected +=
            TARGET.labels()[point] == label
                ? -0.25 * Math.pow(1 - s, 2) * Math.log(s)
                : -0.75 * Math.pow(s, 2) * Math.log(1 - s);
      }
    }
    Result result =
        run(loss(null, null, BoxWeighting.INTENDED), TARGET, logits, distances, centerness);
    assertEquals(expected / (4 + IMAGES), result.parts()[0], 1e-12);
  }

  @Test
  void weightsMultiply() {
    var plain = new LossChoice(term("FLI", 1), term("CseBRegression", 1), BoxWeighting.INTENDED);
    var weighted =
        new LossChoice(term("FLI", 3), term("CseBRegression", 0.5), BoxWeighting.INTENDED);
    double[] one =
        run(
                new OneStageLoss(LossPair.oneStage(plain), Boxes.DISTANCES),
                TARGET,
                logits,
                distances,
                centerness)
            .parts();
    double[] other =
        run(
                new OneStageLoss(LossPair.oneStage(weighted), Boxes.DISTANCES),
                TARGET,
                logits,
                distances,
                centerness)
            .parts();
    assertEquals(3 * one[0], other[0], 1e-12);
    assertEquals(0.5 * one[1], other[1], 1e-12);
    assertEquals(one[2], other[2], 0);
  }

  @Test
  void withoutPositivesBoxesAndCenternessAreZeroWithAGradient() {
    Result result =
        run(
            loss("CseBClassification", "CseBRegression", BoxWeighting.INTENDED),
            BACKGROUND,
            logits,
            distances,
            centerness);
    assertTrue(Double.isFinite(result.total()) && result.parts()[0] > 0);
    assertEquals(0, result.parts()[1], 0);
    assertEquals(0, result.parts()[2], 0);
    assertArrayEquals(new double[POINTS * 4], result.gradients()[1]);
    assertArrayEquals(new double[POINTS], result.gradients()[2]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "PY", "Sub(PY,NY)"})
  void aLossThatDoesNotSeeTheLogitsGivesThemNoGradient(String classification) {
    Result result =
        run(
            loss(classification, "2", BoxWeighting.INTENDED),
            TARGET,
            logits,
            distances,
            centerness);
    assertArrayEquals(new double[POINTS * CLASSES], result.gradients()[0]);
    assertArrayEquals(new double[POINTS * 4], result.gradients()[1]);
    assertEquals(2, result.parts()[1], 1e-12);
  }

  @Test
  void theDefaultIsFiniteAtHugeLogits() {
    double[] huge = logits.clone();
    huge[0] = 500;
    huge[3] = -500;
    Result result =
        run(loss(null, null, BoxWeighting.INTENDED), TARGET, huge, distances, centerness);
    assertTrue(Double.isFinite(result.total()));
    assertEquals(0.75 / (4 + IMAGES), result.gradients()[0][0], 1e-9);
  }

  @Test
  void wrongLossesAreNamed() {
    assertMessage(
        "loss.classification.expression at offset 4: ", "Neg(", null, BoxWeighting.INTENDED);
    assertMessage(
        "loss.regression.catalogue: 'Focal' is no loss of the regression branch, expected one of"
            + " L1, SmoothL1, DIoU, CIoU, IoU, GIoU",
        null,
        "Focal",
        BoxWeighting.INTENDED);
    assertMessage("loss.regression.expression at offset 0: X ", null, "X", BoxWeighting.INTENDED);
    var both = new LossChoice(new LossTerm("Focal", "X", 1), null, BoxWeighting.INTENDED);
    var thrown = assertThrows(LossException.class, () -> LossPair.oneStage(both));
    assertEquals(
        "loss.classification: exactly one of catalogue and expression is expected",
        thrown.getMessage());
  }

  private static void assertMessage(
      String start, String classification, String regression, BoxWeighting weighting) {
    var thrown =
        assertThrows(LossException.class, () -> loss(classification, regression, weighting));
    assertTrue(thrown.getMessage().startsWith(start), thrown.getMessage());
    assertEquals(1, thrown.getMessage().lines().count());
  }
}
