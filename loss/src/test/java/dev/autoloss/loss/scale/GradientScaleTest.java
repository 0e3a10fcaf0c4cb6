package dev.autoloss.loss.scale;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Variable;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradientScaleTest {
  private static Expression parse(String text, Branch branch) {
    return ExpressionParser.parse(text, branch);
  }

  private static Expression named(String label) {
    return CatalogueLoss.named(label).orElseThrow().expression().orElseThrow();
  }

  /** By how much a box loss rises when a box of this side, in pixels, is shifted. */
  private static double rise(String label, double side, double shift) {
    Box truth = Box.around(0, 0, side, side);
    double[] losses =
        Evaluator.rowSums(
            named(label),
            AreaUnits.NATIVE.inputs(
                List.of(
                    new BoxPair(truth, truth),
                    new BoxPair(Box.around(shift, 0, side, side), truth))));
    return losses[1] - losses[0];
  }

  @Test
  void publishedBoxLossesMoveMoreThanGiou() {
    // A shift of t sides leaves i = 1 − t and u = e = 1 + t areas of the box: GIoU is 2t/(1 + t).
    double giou = rise("GIoU", 64, 6.4);
    assertEquals(2 * 0.1 / 1.1, giou, 1e-9);
    assertEquals(2.0, rise("CseARegression", 64, 6.4) / giou, 0.05);
    assertEquals(2.5, rise("CseBRegression", 64, 6.4) / giou, 0.05);
    // The figures for 4 of 64 pixels of an independent computation.
    assertEquals(0.118, rise("GIoU", 64, 4), 5e-4);
    assertEquals(0.235, rise("CseARegression", 64, 4), 5e-4);
    assertEquals(0.316, rise("CseBRegression", 64, 4), 5e-4);
  }

  @Test
  void weightsOfTheWinnersUndoTheirLargerSteps() {
    var scale = GradientScale.regression(BoxCoding.DELTAS, AreaUnits.NATIVE);
    // Over shifts, sizes and aspects together, by the codes of boxes.
    assertEquals(0.55, scale.weight(named("CseARegression"), named("GIoU")).orElseThrow(), 0.1);
    assertEquals(0.5, scale.weight(named("CseBRegression"), named("GIoU")).orElseThrow(), 0.1);
  }

  @ParameterizedTest
  @EnumSource
  void weightedLossesPullAsHardAsTheDefault(BoxCoding coding) {
    for (AreaUnits units : AreaUnits.values()) {
      var scale = GradientScale.regression(coding, units);
      for (CatalogueLoss loss : CatalogueLoss.of(Branch.REGRESSION)) {
        loss.expression().ifPresent(one -> assertEqualPull(scale, one, named("GIoU")));
      }
    }
  }

  @Test
  void weightedClassificationLossesPullAsHardAsTheDefault() {
    var twoStage = GradientScale.classification(Branch.TWO_STAGE);
    for (CatalogueLoss loss : CatalogueLoss.of(Branch.TWO_STAGE)) {
      assertEqualPull(twoStage, loss.expression().orElseThrow(), named("CrossEntropy"));
    }
    var oneStage = GradientScale.classification(Branch.ONE_STAGE);
    for (CatalogueLoss loss : CatalogueLoss.of(Branch.ONE_STAGE)) {
      assertEqualPull(oneStage, loss.expression().orElseThrow(), named("Focal"));
    }
  }

  private static void assertEqualPull(GradientScale scale, Expression loss, Expression standard) {
    double weight = scale.weight(loss, standard).orElseThrow();
    Expression weighted =
        new Expression.Binary(BinaryOperator.MUL, new Expression.Constant(weight), loss);
    assertEquals(scale.rms(standard), scale.rms(weighted), 1e-9 * scale.rms(standard));
  }

  @Test
  void sineWeightedCrossEntropyPullsAsMuchHarderAsItsClosedFormSays() {
    // 1 + sin w is 1.8415 on background rows and 1.29 to 1.84 on objects.
    var scale = GradientScale.classification(Branch.TWO_STAGE);
    double ratio = scale.rms(named("CseAClassification")) / scale.rms(named("CrossEntropy"));
    assertTrue(ratio > 1.5 && ratio < 1.8415, () -> "ratio " + ratio);
  }

  @Test
  void lossesWithoutGradientHaveNoWeight() {
    var scale = GradientScale.regression(BoxCoding.DELTAS, AreaUnits.NATIVE);
    assertEquals(
        OptionalDouble.empty(), scale.weight(parse("3", Branch.REGRESSION), named("GIoU")));
    assertEquals(
        OptionalDouble.empty(),
        scale.weight(parse("Sqrt(Sub(I,U))", Branch.REGRESSION), named("GIoU")));
    assertThrows(
        IllegalArgumentException.class, () -> GradientScale.classification(Branch.REGRESSION));
  }

  @Test
  void rmsOfLinearLossIsKnown() {
    // The gradient of 2X by X is 2, times ¾ or ¼ of the balance, one in 32 entries being right.
    var scale = GradientScale.classification(Branch.ONE_STAGE);
    double expected = Math.sqrt((31 * 1.5 * 1.5 + 0.5 * 0.5) / 32);
    assertEquals(expected, scale.rms(parse("Mul(2,X)", Branch.ONE_STAGE)), 1e-12);
    assertEquals(
        2,
        GradientScale.classification(Branch.TWO_STAGE).rms(parse("Mul(2,X)", Branch.TWO_STAGE)),
        1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    "DELTAS,NATIVE,GIoU",
    "DELTAS,TARGET_NORMALIZED,CseBRegression",
    "DELTAS,NATIVE,CseBRegression",
    "DISTANCES,NATIVE,GIoU",
    "DISTANCES,TARGET_NORMALIZED,CseARegression"
  })
  void gradientsByCodesAreFiniteDifferences(BoxCoding coding, AreaUnits units, String label) {
    Expression loss = named(label);
    for (long seed = 0; seed < 50; seed++) {
      RandomGenerator random = RandomTrees.random(seed);
      double[] anchors = box(random);
      double[] target = box(random);
      double[] codes = new double[4];
      coding.encode(anchors, box(random), codes);
      double[] gradient = gradient(loss, coding, units, anchors, target, codes);
      for (int k = 0; k < 4; k++) {
        double step = 1e-5;
        double[] up = codes.clone();
        double[] down = codes.clone();
        up[k] += step;
        down[k] -= step;
        double difference =
            (value(loss, coding, units, anchors, target, up)
                    - value(loss, coding, units, anchors, target, down))
                / (2 * step);
        assertEquals(difference, gradient[k], 1e-6, "seed " + seed + ", code " + k);
      }
    }
  }

  private static double[] box(RandomGenerator random) {
    return new double[] {
      -random.nextDouble(2, 20),
      -random.nextDouble(2, 20),
      random.nextDouble(2, 20),
      random.nextDouble(2, 20)
    };
  }

  private static double[] gradient(
      Expression loss,
      BoxCoding coding,
      AreaUnits units,
      double[] anchors,
      double[] target,
      double[] codes) {
    double[] boxes = new double[4];
    coding.decode(anchors, codes, boxes);
    var areas = new Areas(units, target);
    areas.measure(boxes);
    var evaluation =
        Evaluator.evaluate(loss, units.inputs(List.of(new BoxPair(toBox(boxes), toBox(target)))));
    double[] gradient = new double[4];
    areas.pullBack(
        boxes,
        evaluation.gradient(Variable.I),
        evaluation.gradient(Variable.U),
        evaluation.gradient(Variable.E),
        gradient);
    coding.pullBack(anchors, codes, boxes, gradient);
    return gradient;
  }

  /** Through {@link BoxPair}, which knows nothing of codes and gradients. */
  private static double value(
      Expression loss,
      BoxCoding coding,
      AreaUnits units,
      double[] anchors,
      double[] target,
      double[] codes) {
    double[] boxes = new double[4];
    coding.decode(anchors, codes, boxes);
    return Evaluator.rowSums(loss, units.inputs(List.of(new BoxPair(toBox(boxes), toBox(target)))))[
        0];
  }

  private static Box toBox(double[] sides) {
    return new Box(sides[0], sides[1], sides[2], sides[3]);
  }

  @Test
  void normalizedAreasAreTheSameAtEveryResolution() {
    for (double side : new double[] {16, 64, 512}) {
      var pair =
          new BoxPair(Box.around(0.1 * side, 0, side, 1.2 * side), Box.around(0, 0, side, side));
      var inputs = AreaUnits.TARGET_NORMALIZED.inputs(List.of(pair));
      assertEquals(0.9, inputs.of(Variable.I)[0], 1e-9);
      assertEquals(1 + 1.2 - 0.9, inputs.of(Variable.U)[0], 1e-9);
      assertEquals(1.1 * 1.2, inputs.of(Variable.E)[0], 1e-9);
    }
    assertEquals(1e-7, AreaUnits.TARGET_NORMALIZED.unit(0));
  }

  @Test
  void encodedBoxesDecodeToThemselves() {
    for (BoxCoding coding : BoxCoding.values()) {
      RandomGenerator random = RandomTrees.random(3);
      double[] anchors = {-8, -6, 8, 6};
      double[] boxes = box(random);
      double[] codes = new double[4];
      double[] decoded = new double[4];
      coding.encode(anchors, boxes, codes);
      coding.decode(anchors, codes, decoded);
      assertArrayEquals(boxes, decoded, 1e-9);
    }
  }

  @Test
  void tooFewSamplesOrBoxesAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> DrawnSamples.draw(Branch.ONE_STAGE, 3, 2, 0, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> DrawnBoxes.draw(BoxCoding.DELTAS, AreaUnits.NATIVE, 0, 0.1, 1));
  }
}
