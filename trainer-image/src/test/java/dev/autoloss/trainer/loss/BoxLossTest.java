package dev.autoloss.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Numerics;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.tensor.Step;
import dev.autoloss.trainer.tensor.Tensor;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of boxes against torchvision 0.22.1, and the stable against the exact numerics. */
class BoxLossTest {
  private static final double[] PREDICTED = {10, 12, 40, 50, 0, 0, 8, 30, 100, 100, 120, 110};
  private static final double[] TRUE = {12, 10, 44, 48, 4, 6, 20, 18, 150, 90, 190, 130};

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** Values and gradients of three boxes. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Result(double[] values, double[] gradient) {}

  private static Result run(String name, AreaUnits units, double scale) {
    boolean named = CatalogueLoss.named(name).isPresent();
    var term = new LossTerm(named ? name : null, named ? null : name, 1);
    var pair =
        LossPair.oneStage(new LossChoice(null, term, BoxWeighting.RELEASED, Numerics.EXACT, units));
    try (Torch torch = Torch.open(false, 2, List.of(BoxScripts.METHODS, BoxScripts.loss(pair)));
        Step _ = torch.step(true)) {
      Tensor p = torch.trained(torch.tensor(scaled(PREDICTED, scale), 3, 4));
      Tensor t = torch.tensor(scaled(TRUE, scale), 3, 4);
      List<Tensor> areas = torch.call("edge_areas").with(p).with(t).tensors();
      Tensor d = torch.tensor(scaled(PREDICTED, .01), 3, 4);
      Tensor o = torch.tensor(scaled(TRUE, .01), 3, 4);
      Tensor values = torch.call("box_loss").with(p).with(t).with(d).with(o).with(areas).tensor();
      if (name.equals("SmoothL1")) {
        return new Result(values.doubles(), new double[12]);
      }
      torch.backward(values);
      return new Result(values.doubles(), torch.gradient(p).doubles());
    }
  }

  private static double[] scaled(double[] numbers, double by) {
    double[] scaled = numbers.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= by;
    }
    return scaled;
  }

  @ParameterizedTest
  @CsvSource({
    "DIoU, 0.2569425, 0.931153846, 1.37371134, -0.022051846, -0.01419166, 0.000749283",
    "CIoU, 0.256943149, 0.961908668, 1.375400801, -0.022051181, -0.011320472, 0.000539249",
    "GIoU, 0.261049049, 1.235, 1.5, -0.022290769, 0.008234375, -0.002777778",
    "SmoothL1, 0.0126, 0.152288889, 1.278333333, 0, 0, 0"
  })
  void builtInLossesAreTorchvisions(
      String name, double v0, double v1, double v2, double g0, double g4, double g8) {
    Result result = run(name, AreaUnits.NATIVE, 1);
    assertArrayEquals(new double[] {v0, v1, v2}, result.values(), 2e-7);
    double[] gradient = result.gradient();
    assertArrayEquals(
        new double[] {g0, g4, g8}, new double[] {gradient[0], gradient[4], gradient[8]}, 2e-8);
  }

  @Test
  void areasInUnitsOfTheTargetDoNotDependOnSize() {
    double[] small = run("CseARegression", AreaUnits.TARGET_NORMALIZED, 1).values();
    double[] smaller = run("CseARegression", AreaUnits.TARGET_NORMALIZED, .1).values();
    double[] pixels = run("CseARegression", AreaUnits.NATIVE, 1).values();
    double[] fewerPixels = run("CseARegression", AreaUnits.NATIVE, .1).values();
    assertArrayEquals(small, smaller, 1e-6);
    for (int i = 0; i < 3; i++) {
      assertTrue(Math.abs(pixels[i] - fewerPixels[i]) > 1e-3 * Math.abs(pixels[i]));
    }
    // Intersection and union of the first pair: 28 · 36 and 30 · 38 + 32 · 38 − 28 · 36.
    double target = 32 * 38;
    assertEquals(28 * 36 / target, run("I", AreaUnits.TARGET_NORMALIZED, 1).values()[0], 1e-6);
    assertEquals(1348 / target, run("U", AreaUnits.TARGET_NORMALIZED, 1).values()[0], 1e-6);
  }

  private static double[][] logits(String text, Branch branch, Numerics numerics, float... x) {
    Expression expression = ExpressionParser.parse(text, branch);
    String method = ExpressionScript.method("f", expression, branch, numerics);
    try (Torch torch = Torch.open(false, 2, List.of(method));
        Step _ = torch.step(true)) {
      Tensor logits = torch.trained(torch.tensor(x, 1, x.length));
      var call = torch.call("f").with(logits);
      for (int i = 1; i < branch.variables().size(); i++) {
        call.with(torch.full(1, 1, x.length));
      }
      Tensor values = call.tensor();
      torch.backward(values);
      return new double[][] {widened(values.floats()), widened(torch.gradient(logits).floats())};
    }
  }

  private static double[] widened(float[] numbers) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Log(Sub(1,Sig(X)))",
        "Log(Add(1,Neg(Sig(X))))",
        "Log(Add(Neg(Sig(X)),1))",
        "Log(Sig(Neg(X)))"
      })
  void whereTheExactFormSaturatesTheStableOneHasValueAndGradient(String text) {
    float[] x = {-3, 0.5f, 4, 20, 60};
    double[][] exact = logits(text, Branch.ONE_STAGE, Numerics.EXACT, x);
    double[][] stable = logits(text, Branch.ONE_STAGE, Numerics.STABLE, x);
    for (int i = 0; i < 3; i++) {
      assertEquals(exact[0][i], stable[0][i], 1e-5 * Math.abs(exact[0][i]));
      assertEquals(exact[1][i], stable[1][i], 1e-5 * Math.abs(exact[1][i]));
    }
    for (int i = 3; i < 5; i++) {
      assertEquals(-x[i], stable[0][i], 1e-6 * x[i]);
      assertEquals(-1, stable[1][i], 1e-6);
    }
    assertTrue(Math.abs(exact[1][4]) < 1e-3, "the exact gradient at 60 is " + exact[1][4]);
  }

  @Test
  void theLogarithmOfASoftmaxIsStableToo() {
    float[] x = {0, 60, -40};
    String text = "Log(Softmax(X))";
    double[][] exact = logits(text, Branch.TWO_STAGE, Numerics.EXACT, x);
    double[][] stable = logits(text, Branch.TWO_STAGE, Numerics.STABLE, x);
    assertArrayEquals(new double[] {-60, 0, -100}, stable[0], 1e-5);
    assertFalse(exact[0][2] < -47, "the exact form ends at −46, found " + exact[0][2]);
  }
}
