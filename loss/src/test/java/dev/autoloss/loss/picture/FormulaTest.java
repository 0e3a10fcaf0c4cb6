package dev.autoloss.loss.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Neg(Log(Sig(X))); −log σ(x)",
        "Neg(Add(X,1)); −(x + 1)",
        "Neg(Neg(X)); −(−x)",
        "Neg(Mul(X,Q)); −x·wy",
        "Add(1,Neg(X)); 1 − x",
        "Add(1,Neg(Add(X,Q))); 1 − (x + wy)",
        "Sub(1,Sub(X,Q)); 1 − (x − wy)",
        "Sub(Sub(1,X),Q); 1 − x − wy",
        "Add(1,Sub(X,Q)); 1 + x − wy",
        "Add(1,Sub(Neg(X),Q)); 1 + (−x − wy)",
        "Sub(1,NY); 1 − (1 − y)",
        "Add(-2,-0.5); −2 + (−0.5)",
        "Mul(NY,-2); (1 − y)·(−2)",
        "Mul(Add(1,X),Q); (1 + x)·wy",
        "Mul(X,Mul(Q,PY)); x·wy·y",
        "Div(X,Div(Q,PY)); x/(wy/y)",
        "Div(Div(X,Q),PY); x/wy/y",
        "Mul(X,Div(Q,PY)); x·(wy/y)",
        "Div(Mul(X,Q),Mul(X,PY)); x·wy/(x·y)",
        "Mul(Log(X),Q); log(x)·wy",
        "Mul(Q,Log(X)); wy·log x",
        "Mul(Mul(Q,Log(X)),PY); wy·log(x)·y",
        "Mul(Q,Log(Add(1,X))); wy·log(1 + x)",
        "Log(Mul(X,Q)); log(x·wy)",
        "Abs(Sub(X,1)); |x − 1|",
        "Sqrt(Sin(Cos(X))); √(sin cos x)",
        "Serf(Serfc(Salf(Sgdf(X)))); erfₛ(erfcₛ(alfₛ(gdₛ(x))))",
        "Exp(Softplus(Tanh(Relu(Softmax(X))))); exp(softplus(tanh(relu(softmax(x)))))",
      })
  void bindsAsMathematicsDo(String text, String formula) {
    assertEquals(formula, Formula.infix(ExpressionParser.parse(text, Branch.ONE_STAGE)));
  }

  @Test
  void writesTheCatalogue() {
    assertEquals("−Σ(y·(1 + sin w)·log softmax(x))", formula("CseAClassification"));
    assertEquals("1 − (i/u − (e − (i + 2))/e)", formula("CseARegression"));
    assertEquals("1 − (i/u − (e − u)/e)", formula("GIoU"));
  }

  private static String formula(String label) {
    return CatalogueLoss.named(label)
        .flatMap(CatalogueLoss::expression)
        .map(Formula::infix)
        .orElseThrow();
  }

  @Test
  void takesTimeInProportionToTheText() {
    String text = "Mul(Add(1,".repeat(32) + "X" + "),2)".repeat(32);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> Formula.infix(ExpressionParser.parse(text, Branch.ONE_STAGE)));
  }
}
