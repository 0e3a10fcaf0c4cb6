package dev.autoloss.loss.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.ExpressionParser;
import java.time.Duration;
import java.util.regex.Pattern;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Neg(Log(Sig(X))); -\\log \\sigma(x)",
        "Add(1,Neg(Add(X,Q))); 1 - \\left(x + w y\\right)",
        "Add(1,Neg(X)); 1 - x",
        "Sub(Sub(1,X),Q); 1 - x - w y",
        "Add(1,Sub(Neg(X),Q)); 1 + \\left(-x - w y\\right)",
        "Add(1,Sub(X,Q)); 1 + x - w y",
        "Sub(1,NY); 1 - \\left(1 - y\\right)",
        "Mul(NY,-2); \\left(1 - y\\right) \\, \\left(-2\\right)",
        "Mul(X,2); x \\cdot 2",
        "Mul(X,Mul(2,X)); x \\cdot 2 \\, x",
        "Mul(X,Mul(X,2)); x \\, x \\cdot 2",
        "Mul(2,X); 2 \\, x",
        "Mul(X,-2); x \\, \\left(-2\\right)",
        "Neg(Mul(X,Q)); -x \\, w y",
        "Neg(Add(X,1)); -\\left(x + 1\\right)",
        "Neg(Neg(X)); -\\left(-x\\right)",
        "Div(Add(X,1),Sub(X,1)); \\frac{x + 1}{x - 1}",
        "Div(X,Div(Q,PY)); \\frac{x}{\\frac{w y}{y}}",
        "Mul(Div(X,Q),PY); \\frac{x}{w y} \\, y",
        "Log(Div(X,Q)); \\log \\frac{x}{w y}",
        "Mul(Log(Div(X,Q)),PY); \\log\\left(\\frac{x}{w y}\\right) \\, y",
        "Mul(Log(X),PY); \\log(x) \\, y",
        "Sig(Div(X,Q)); \\sigma\\left(\\frac{x}{w y}\\right)",
        "Sig(Sqrt(X)); \\sigma\\left(\\sqrt{x}\\right)",
        "Sig(Neg(Sqrt(X))); \\sigma\\left(-\\sqrt{x}\\right)",
        "Log(Mul(X,Q)); \\log(x \\, w y)",
        "Log(Q); \\log(w y)",
        "Sin(Cos(X)); \\sin \\cos x",
        "Abs(Sub(X,1)); \\left|x - 1\\right|",
        "Sqrt(Add(X,1)); \\sqrt{x + 1}",
        "Exp(Tanh(X)); \\exp(\\tanh(x))",
        "Softplus(Relu(Softmax(X))); \\operatorname{softplus}(\\operatorname{relu}(\\operatorname{softmax}(x)))",
        "Serf(Serfc(X)); \\operatorname{erf}_s(\\operatorname{erfc}_s(x))",
        "Salf(Sgdf(X)); \\operatorname{alf}_s(\\operatorname{gd}_s(x))",
        "1e-20; 1.0 \\cdot 10^{-20}",
        "Log(1e-20); \\log(1.0 \\cdot 10^{-20})",
        "-1e20; -1.0 \\cdot 10^{20}",
        "0.25; 0.25",
      })
  void latexBindsAsMathematicsDo(String text, String formula) {
    assertEquals(formula, Formula.latex(ExpressionParser.parse(text, Branch.ONE_STAGE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Dot(X,Y); \\sum_c x \\, y",
        "Mul(Dot(X,Y),Z); \\left(\\sum_c x \\, y\\right) \\, w",
        "Mul(Z,Dot(X,Y)); w \\, \\sum_c x \\, y",
        "Add(Dot(X,Y),1); \\sum_c x \\, y + 1",
        "Dot(Add(X,1),Y); \\sum_c \\left(x + 1\\right) \\, y",
        "Log(Dot(X,Y)); \\log\\left(\\sum_c x \\, y\\right)",
        "Neg(Dot(Mul(Y,Add(1,Sin(Z))),Log(Softmax(X))));"
            + " -\\sum_c y \\, \\left(1 + \\sin w\\right) \\, \\log \\operatorname{softmax}(x)",
      })
  void latexOfSumsOverClasses(String text, String formula) {
    assertEquals(formula, Formula.latex(ExpressionParser.parse(text, Branch.TWO_STAGE)));
  }

  @Test
  void latexOfAnyTreeHasItsBracketsInPairs() {
    for (long seed = 0; seed < 500; seed++) {
      for (Branch branch : Branch.values()) {
        String latex = Formula.latex(new RandomTrees(branch, seed).next(6));
        String what = "seed " + seed + ": " + latex;
        assertEquals(count(latex, "\\left"), count(latex, "\\right"), what);
        assertEquals(count(latex, "{"), count(latex, "}"), what);
        assertEquals(count(latex, "("), count(latex, ")"), what);
        assertEquals(2, count(latex, "--") + count(latex, "+ -"), what);
      }
    }
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length;
  }
}
