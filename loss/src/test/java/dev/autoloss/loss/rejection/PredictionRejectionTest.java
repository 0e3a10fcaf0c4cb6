package dev.autoloss.loss.rejection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.loss.scale.DrawnSamples;
import dev.autoloss.loss.scale.GradientScale;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PredictionRejectionTest {
  /** How far beyond its threshold, as a share of the gap, each accepted loss must end. */
  private static final double MARGIN = 0.05;

  record Accepted(CatalogueLoss loss, double weight) {
    Expression expression() {
      return scaled(weight, loss.expression().orElseThrow());
    }
  }

  static Stream<Accepted> accepted() {
    return Arrays.stream(CatalogueLoss.values())
        .filter(loss -> loss.expression().isPresent())
        .flatMap(loss -> Stream.of(0.5, 1.0, 2.0).map(weight -> new Accepted(loss, weight)));
  }

  private static Expression scaled(double weight, Expression loss) {
    return new Expression.Binary(BinaryOperator.MUL, new Expression.Constant(weight), loss);
  }

  private static Expression parse(String text, Branch branch) {
    return ExpressionParser.parse(text, branch);
  }

  private static double gain(Descent descent) {
    return (descent.after() - descent.before()) / (1 - descent.before());
  }

  private static void assertAccepted(
      Expression loss, PredictionRejection judge, RejectionSettings settings) {
    Descent descent = judge.judge(loss);
    assertTrue(descent.accepted(), () -> loss + ": " + descent);
    assertTrue(gain(descent) >= settings.enough() + MARGIN, () -> loss + ": " + descent);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void catalogueHalfAndTwicePassEveryGate(Accepted accepted) {
    Branch branch = accepted.loss().branch();
    Expression loss = accepted.expression();
    assertEquals(new Verdict.Accepted(), Gates.published().judge(loss, branch));
    if (branch.classification()) {
      assertAccepted(loss, PredictionRejection.of(branch), RejectionSettings.classification());
      return;
    }
    RejectionSettings settings = RejectionSettings.regression();
    RejectionSettings calibrated = settings.withCalibration();
    for (BoxCoding coding : BoxCoding.values()) {
      assertAccepted(
          loss, PredictionRejection.regression(coding, AreaUnits.NATIVE, settings), settings);
      assertAccepted(
          loss,
          PredictionRejection.regression(coding, AreaUnits.TARGET_NORMALIZED, calibrated),
          settings);
    }
  }

  /** Cross-entropy's gradient is {@code softmax(x) − y}: descended here without the language. */
  @Test
  void descendsAsTheClosedFormOfCrossEntropyDoes() {
    var settings = new RejectionSettings(3, 0.25, 100, 0.8, 1, 50, false);
    var problem = new LogitProblem(Branch.TWO_STAGE);
    double[] logits = problem.start();
    double rate = 0.25 / GradientScale.rms(closedForm(logits));
    for (int step = 0; step < 3; step++) {
      double[] gradient = closedForm(logits);
      for (int i = 0; i < logits.length; i++) {
        logits[i] -= rate * gradient[i];
      }
    }
    Descent descent =
        PredictionRejection.classification(Branch.TWO_STAGE, settings)
            .judge(CatalogueLoss.CROSS_ENTROPY.expression().orElseThrow());
    assertEquals(problem.quality(logits), descent.after());
    assertEquals(problem.quality(problem.start()), descent.before());
    assertTrue(descent.after() > descent.before() + 0.1, descent::toString);
    assertEquals(3, descent.steps());
  }

  private static double[] closedForm(double[] logits) {
    double[] gradient = new double[logits.length];
    for (int row = 0; row < 32; row++) {
      double sum = 0;
      for (int column = 0; column < 5; column++) {
        sum += Math.exp(logits[row * 5 + column]);
      }
      int label = row % 4 == 0 ? row / 4 % 4 : 4;
      for (int column = 0; column < 5; column++) {
        gradient[row * 5 + column] =
            Math.exp(logits[row * 5 + column]) / sum - (column == label ? 1 : 0);
      }
    }
    return gradient;
  }

  /** The measure is Mann and Whitney's: from the sum of ranks, as the textbooks have it. */
  @Test
  void qualityIsTheRankSumStatistic() {
    var problem = new LogitProblem(Branch.ONE_STAGE);
    double[] logits = problem.start();
    DrawnSamples samples = DrawnSamples.draw(Branch.ONE_STAGE, 32, 4, 0, 1_618_033_988L);
    double[] sorted = logits.clone();
    Arrays.sort(sorted);
    double ranks = 0;
    int right = 0;
    for (int i = 0; i < logits.length; i++) {
      if (i % 4 == samples.label(i / 4)) {
        right++;
        ranks += Arrays.binarySearch(sorted, logits[i]) + 1;
      }
    }
    double expected =
        (ranks - right * (right + 1) / 2.0) / ((double) right * (logits.length - right));
    assertEquals(expected, problem.quality(logits), 1e-12);
    assertEquals(8, right);
  }

  @Test
  void reasonsSayWhatHappened() {
    assertEquals(
        "mean IoU went from 0.422 to 0.422 in 40 steps, expected at least 0.508",
        reason("Tanh(Sub(9,Div(I,U)))", Branch.REGRESSION));
    assertEquals(
        "the gradient by the boxes is NaN in step 1", reason("Sqrt(Sub(I,U))", Branch.REGRESSION));
    String exploded = reason("Exp(Mul(2,Mul(Sub(NY,PY),X)))", Branch.ONE_STAGE);
    assertTrue(exploded.matches("logits reach \\S+ in step 1, expected at most 100"), exploded);
  }

  private static String reason(String text, Branch branch) {
    return PredictionRejection.of(branch).judge(parse(text, branch)).problem().orElseThrow();
  }

  @Test
  void endsEarlyWhenNothingMoves() {
    Descent descent =
        PredictionRejection.of(Branch.REGRESSION).judge(parse("3", Branch.REGRESSION));
    assertFalse(descent.accepted());
    assertEquals(1, descent.steps());
    assertEquals(descent.before(), descent.after());
  }

  @Test
  void infiniteGradientsAreRejected() {
    Descent descent =
        PredictionRejection.of(Branch.TWO_STAGE)
            .judge(parse("Mul(1e308,Mul(1e10,X))", Branch.TWO_STAGE));
    assertFalse(descent.accepted());
    assertEquals(1, descent.steps());
  }

  @Test
  void calibrationLooksAtTheShapeAlone() {
    for (double weight : new double[] {1e-9, 1, 1e9}) {
      Expression loss = scaled(weight, CatalogueLoss.GIOU.expression().orElseThrow());
      var settings = RejectionSettings.regression();
      var calibrated =
          PredictionRejection.regression(
              BoxCoding.DELTAS, AreaUnits.NATIVE, settings.withCalibration());
      var plain = PredictionRejection.regression(BoxCoding.DELTAS, AreaUnits.NATIVE, settings);
      assertTrue(calibrated.judge(loss).accepted());
      assertEquals(weight == 1, plain.judge(loss).accepted(), "weight " + weight);
    }
    var judge =
        PredictionRejection.classification(
            Branch.ONE_STAGE, RejectionSettings.classification().withCalibration());
    assertFalse(judge.judge(parse("3", Branch.ONE_STAGE)).accepted());
    assertFalse(judge.judge(parse("Sqrt(X)", Branch.ONE_STAGE)).accepted());
  }

  /** A loss that is right for a few steps and then stands at the wrong place is not believed. */
  @Test
  void gainMustLast() {
    var settings = new RejectionSettings(40, 0.075, 100, 0.15, 0.2, 5, false);
    var judge = PredictionRejection.regression(BoxCoding.DELTAS, AreaUnits.NATIVE, settings);
    Descent descent = judge.judge(parse("Mul(100,Sub(1,Div(I,U)))", Branch.REGRESSION));
    assertFalse(descent.accepted(), descent::toString);
  }

  @Test
  void sameVerdictAlways() {
    for (CatalogueLoss loss : CatalogueLoss.of(Branch.ONE_STAGE)) {
      Expression expression = loss.expression().orElseThrow();
      assertEquals(
          PredictionRejection.of(Branch.ONE_STAGE).judge(expression),
          PredictionRejection.of(Branch.ONE_STAGE).judge(expression));
    }
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    List<Runnable> wrong =
        List.of(
            () -> new RejectionSettings(0, 1, 1, 0.5, 0.5, 1, false),
            () -> new RejectionSettings(1, 0, 1, 0.5, 0.5, 1, false),
            () -> new RejectionSettings(1, Double.POSITIVE_INFINITY, 1, 0.5, 0.5, 1, false),
            () -> new RejectionSettings(1, 1, 0, 0.5, 0.5, 1, false),
            () -> new RejectionSettings(1, 1, 1, 0, 0.5, 1, false),
            () -> new RejectionSettings(1, 1, 1, 1.1, 1, 1, false),
            () -> new RejectionSettings(1, 1, 1, 0.5, 0.4, 1, false),
            () -> new RejectionSettings(1, 1, 1, 0.5, 1.1, 1, false),
            () -> new RejectionSettings(1, 1, 1, 0.5, 0.5, 0, false));
    for (Runnable one : wrong) {
      String message = assertThrows(IllegalArgumentException.class, one::run).getMessage();
      assertTrue(message.startsWith("rejection."), message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            PredictionRejection.classification(
                Branch.REGRESSION, RejectionSettings.classification()));
  }
}
