package dev.autoloss.loss.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    assertEquals(List.of("CrossEntropy", "CEI", "CseAClassification"), labels(Branch.TWO_STAGE));
    assertEquals(List.of("Focal", "FLI", "CseBClassification"), labels(Branch.ONE_STAGE));
    assertEquals(
        List.of(
            "L1", "SmoothL1", "DIoU", "CIoU", "IoU", "GIoU", "CseARegression", "CseBRegression"),
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
}
