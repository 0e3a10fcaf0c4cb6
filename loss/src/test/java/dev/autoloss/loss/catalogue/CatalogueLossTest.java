package dev.autoloss.loss.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueLossTest {
  @Test
  void publishedLossesStandVerbatimAndHaveTheSizesOfTheReference() {
    assertEquals("Neg(Dot(Mul(Y,Add(1,Sin(Z))),Log(Softmax(X))))", text("CseAClassification"));
    assertEquals(
        "Add(1,Neg(Add(Div(I,U),Neg(Div(Add(E,Neg(Add(I,2))),E)))))", text("CseARegression"));
    assertEquals(
        "Neg(Add(Mul(Q,Mul(Add(1,Serf(Sig(NY))),Log(Sig(X)))),Mul(Add(Sgdf(X),Neg(Q)),"
            + "Mul(Add(Add(1,Neg(Q)),Neg(Add(1,Neg(Sig(X))))),Log(Add(1,Neg(Sig(X))))))))",
        text("CseBClassification"));
    assertEquals(
        "Neg(Div(Add(Div(Neg(Add(Neg(E),Add(1,I))),Neg(Add(3,Add(2,U)))),"
            + "Add(Div(E,E),Div(Neg(E),Neg(1)))),"
            + "Neg(Add(Div(Neg(Add(U,Div(I,1))),Neg(3)),Neg(E)))))",
        text("CseBRegression"));
    assertEquals(List.of(11, 5), sizes("CseAClassification"));
    assertEquals(List.of(16, 8), sizes("CseARegression"));
    assertEquals(List.of(37, 9), sizes("CseBClassification"));
    assertEquals(List.of(39, 8), sizes("CseBRegression"));
  }

  private static Expression expression(String label) {
    return CatalogueLoss.named(label).flatMap(CatalogueLoss::expression).orElseThrow();
  }

  private static String text(String label) {
    return expression(label).toString();
  }

  private static List<Integer> sizes(String label) {
    return List.of(expression(label).size(), expression(label).height());
  }

  @Test
  void findsLossesByLabelAndBranch() {
    assertEquals(Optional.of(CatalogueLoss.GIOU), CatalogueLoss.named("GIoU"));
    assertEquals(Optional.empty(), CatalogueLoss.named("giou"));
    assertEquals(
        List.of("CrossEntropy", "CEI", "Poly1", "CseAClassification"), labels(Branch.TWO_STAGE));
    assertEquals(
        List.of("Focal", "FLI", "QFL", "VFL", "CseBClassification"), labels(Branch.ONE_STAGE));
    assertEquals(
        List.of(
            "L1",
            "SmoothL1",
            "DIoU",
            "CIoU",
            "IoU",
            "GIoU",
            "AlphaIoU",
            "CseARegression",
            "CseBRegression"),
        labels(Branch.REGRESSION));
  }

  private static List<String> labels(Branch branch) {
    return CatalogueLoss.of(branch).stream().map(CatalogueLoss::label).toList();
  }

  @Test
  void whatIsNoFunctionOfAreasIsBuiltIn() {
    Set<String> builtIn = Set.of("L1", "SmoothL1", "DIoU", "CIoU");
    for (CatalogueLoss loss : CatalogueLoss.values()) {
      assertEquals(builtIn.contains(loss.label()), loss.expression().isEmpty(), loss.label());
      assertTrue(CatalogueLoss.named(loss.label()).filter(loss::equals).isPresent());
    }
  }

  /** Closed forms as their papers print them, on probabilities. */
  @Test
  void lossesOfTheFieldAreTheirClosedForms() {
    var random = RandomTrees.random(3);
    for (int k = 0; k < 200; k++) {
      double[] x = random.doubles(3, -6, 6).toArray();
      double w = random.nextDouble();
      double[] s = new double[3];
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        s[c] = 1 / (1 + Math.exp(-x[c]));
        sum += Math.exp(x[c]);
      }
      double p = Math.exp(x[1]) / sum;
      Sample positive = Sample.positive(1, w, x);
      assertLoss("Poly1", positive, -Math.log(p) + 1 * (1 - p));
      double background = Math.exp(x[2]) / sum;
      assertLoss("Poly1", Sample.negative(x), -Math.log(background) + (1 - background));
      double quality = 0;
      double varifocal = 0;
      for (int c = 0; c < 3; c++) {
        double q = c == 1 ? w : 0;
        double entropy = -((1 - q) * Math.log(1 - s[c]) + q * Math.log(s[c]));
        quality += Math.pow(Math.abs(q - s[c]), 2) * entropy;
        varifocal += q > 0 ? q * entropy : -0.75 * s[c] * s[c] * Math.log(1 - s[c]);
      }
      assertLoss("QFL", positive, quality);
      assertLoss("VFL", positive, varifocal);
    }
  }

  private static void assertLoss(String label, Sample sample, double expected) {
    Branch branch = CatalogueLoss.named(label).orElseThrow().branch();
    double value = Evaluator.rowSums(expression(label), Sample.inputs(branch, List.of(sample)))[0];
    assertEquals(expected, value, 1e-11 * Math.abs(expected) + 1e-14, label + " at " + sample);
  }

  @Test
  void alphaIouIsOneMinusTheCubeOfTheOverlap() {
    for (double shift : new double[] {0, 1, 10, 40, 64, 100}) {
      var pair = new BoxPair(Box.around(shift, 0, 64, 64), Box.around(0, 0, 64, 64));
      double overlap = Math.max(0, 64 - shift) / (64 + Math.min(shift, 64));
      double value = Evaluator.rowSums(expression("AlphaIoU"), BoxPair.inputs(List.of(pair)))[0];
      assertEquals(1 - overlap * overlap * overlap, value, 1e-9, "shift " + shift);
    }
  }
}
