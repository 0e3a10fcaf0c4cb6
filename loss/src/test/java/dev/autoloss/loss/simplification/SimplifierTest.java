package dev.autoloss.loss.simplification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Printer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SimplifierTest {
  private static String simplified(String text, Branch branch) {
    Expression tree = ExpressionParser.parse(text, branch);
    return Printer.infix(Simplifier.simplify(tree, branch).expression());
  }

  private static Expression simplified(CatalogueLoss loss) {
    return Simplifier.simplify(loss.expression().orElseThrow(), loss.branch()).expression();
  }

  @Test
  void shortensThePublishedLosses() {
    assertEquals(
        "2 - I / U - (2 + I) / E", Printer.infix(simplified(CatalogueLoss.CSE_A_REGRESSION)));
    assertEquals(11, simplified(CatalogueLoss.CSE_A_REGRESSION).size());
    Expression b = simplified(CatalogueLoss.CSE_B_REGRESSION);
    assertTrue(b.size() <= 24, b.size() + ": " + Printer.infix(b));
    assertEquals("2 - I / U - U / E", Printer.infix(simplified(CatalogueLoss.GIOU)));
    assertEquals(
        "-Dot(Log(Softmax(X)), Y * (1 + Sin(Z)))",
        Printer.infix(simplified(CatalogueLoss.CSE_A_CLASSIFICATION)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Div(E,E) | 1",
        "Neg(Neg(I)) | I",
        "Add(1,2) | 3",
        "Add(I,0) | I",
        "Mul(1,I) | I",
        "Sub(I,0) | I",
        "Sub(0,I) | -I",
        "Mul(I,-1) | -I",
        "Neg(Neg(Neg(I))) | -I",
        "Div(Neg(E),Neg(1)) | E",
        "Add(U,I) | I + U",
        "Mul(E,Mul(U,I)) | I * U * E",
        "Sub(1,Neg(Neg(Neg(I)))) | 1 + I",
        "Abs(Neg(Abs(Neg(U)))) | U",
        "Sub(U,U) | 0",
        "Mul(Sub(U,U),E) | 0",
        "Exp(Sub(E,E)) | 1",
        "Neg(Div(Sub(I,U),E)) | (U - I) / E",
        "Log(Div(I,I)) | Log(I / I)",
        "Sub(Sqrt(I),Sqrt(I)) | Sqrt(I) - Sqrt(I)"
      })
  void runsRulesToAFixpoint(String text, String expected) {
    assertEquals(expected, simplified(text, Branch.REGRESSION));
  }

  /** Dot and Softmax see how far their operands reach: two classes are two summands. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Dot(Sub(Y,Y),1) | Dot(1, Y - Y)",
        "Dot(Add(1,Sub(Y,Y)),1) | Dot(1, 1 + Y - Y)",
        "Dot(Sub(Y,Y),X) | Dot(0, X)",
        "Softmax(Sub(X,X)) | Softmax(X - X)",
        "Softmax(Neg(Sub(X,X))) | Softmax(X - X)",
        "Add(Dot(X,Y),Sub(Z,Z)) | Z + Dot(X, Y) - Z",
        "Add(X,Sub(Z,Z)) | X",
        "Sub(Dot(X,Y),Dot(X,Y)) | Dot(X, Y) - Dot(X, Y)",
        "Mul(X,Sub(Dot(X,Y),Dot(X,Y))) | 0",
        "Add(X,Exp(Sub(Dot(X,Y),Dot(X,Y)))) | 1 + X",
        "Sub(X,X) | 0",
        "Exp(Sub(X,X)) | 1",
      })
  void doesNotNarrowWhatIsSummedOverClasses(String text, String expected) {
    assertEquals(expected, simplified(text, Branch.TWO_STAGE));
  }

  @Test
  void narrowsWhatNoClassSeesInOneStageToo() {
    assertEquals("0", simplified("X - X", Branch.ONE_STAGE));
    assertEquals("Softmax(X - X)", simplified("Softmax(X - X)", Branch.ONE_STAGE));
    assertEquals("1 + Softmax(X)", simplified("Exp(Q - Q) + Softmax(X)", Branch.ONE_STAGE));
  }

  @Test
  void namesTheRulesThatItApplied() {
    Expression tree = ExpressionParser.parse("Add(Neg(Neg(U)),Div(E,E))", Branch.REGRESSION);
    Simplified result = Simplifier.simplify(tree, Branch.REGRESSION);
    assertEquals("1 + U", Printer.infix(result.expression()));
    assertEquals(List.of(Rule.NEG_NEG, Rule.DIV_SAME, Rule.COLLECT_TERMS), result.rules());
    assertEquals(List.of(), Simplifier.simplify(result.expression(), Branch.REGRESSION).rules());
  }

  @Test
  void stopsAtTheStepLimitWithWhatStandsThen() {
    Expression tree = ExpressionParser.parse("Add(Neg(Neg(U)),Div(E,E))", Branch.REGRESSION);
    assertEquals(tree, Simplifier.simplify(tree, Branch.REGRESSION, 0).expression());
    Simplified one = Simplifier.simplify(tree, Branch.REGRESSION, 1);
    assertEquals("U + E / E", Printer.infix(one.expression()));
    assertEquals(List.of(Rule.NEG_NEG), one.rules());
    assertEquals(
        "U + 1", Printer.infix(Simplifier.simplify(tree, Branch.REGRESSION, 2).expression()));
  }

  @Test
  void keysAreEqualForTheSameLossWrittenOtherwise() {
    String giou = key("Sub(1,Sub(Div(I,U),Div(Sub(E,U),E)))");
    assertEquals(giou, key("2 - U/E - I/U"));
    assertEquals(giou, key("1 - I/U + (1 - U/E)"));
    assertEquals(giou, key("-(I/U - 1) + (E - U)/E"));
    assertNotEquals(giou, key("2 - U/E - 2*I/U"));
    assertNotEquals(key("I / U"), key("U / I"));
    assertNotEquals(key("I - U"), key("U - I"));
  }

  private static String key(String text) {
    return Simplifier.canonical(ExpressionParser.parse(text, Branch.REGRESSION), Branch.REGRESSION);
  }

  @Test
  void orderOfOperandsDoesNotMatter() {
    for (long seed = 0; seed < 1000; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed, 1, 2, 3).next(6);
        assertEquals(
            Simplifier.canonical(tree, branch),
            Simplifier.canonical(mirrored(tree), branch),
            "seed " + seed + ": " + tree);
      }
    }
  }

  private static Expression mirrored(Expression tree) {
    return switch (tree) {
      case Expression.Input _, Expression.Constant _ -> tree;
      case Expression.Unary(var operator, var operand) ->
          new Expression.Unary(operator, mirrored(operand));
      case Expression.Binary(var operator, var left, var right) ->
          switch (operator) {
            case ADD, MUL, DOT -> new Expression.Binary(operator, mirrored(right), mirrored(left));
            case SUB, DIV -> new Expression.Binary(operator, mirrored(left), mirrored(right));
          };
    };
  }

  @Test
  void simplifyingTwiceChangesNothingAndNothingGrows() {
    for (long seed = 0; seed < 3000; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed, 1, 2, 3, -0.5, 0, 1e30).next(7);
        Simplified once = Simplifier.simplify(tree, branch);
        String what = "seed " + seed + ": " + tree;
        assertTrue(once.expression().size() <= tree.size(), what);
        assertTrue(once.rules().size() < Simplifier.MAX_STEPS, what);
        assertEquals(
            once.expression(), Simplifier.simplify(once.expression(), branch).expression(), what);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void keepsValuesAndGradientsOfTheCatalogue(CatalogueLoss loss) {
    Expression tree = loss.expression().orElseThrow();
    var points = Points.of(loss.branch(), 7);
    var difference = points.compare(tree, simplified(loss));
    assertEquals(Optional.empty(), difference.worst(), loss.label());
    assertTrue(difference.compared() > 0.9 * difference.numbers(), loss + ": " + difference);
  }

  @Test
  void keepsValuesAndGradientsOfRandomTrees() {
    int compared = 0;
    int numbers = 0;
    int changed = 0;
    for (long seed = 0; seed < 4000; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree =
            new RandomTrees(branch, seed, 1, 2, 3, -0.5, 0).next(3 + (int) (seed % 4));
        Expression shorter = Simplifier.simplify(tree, branch).expression();
        if (!shorter.equals(tree)) {
          changed++;
          var difference = Points.of(branch, seed).compare(tree, shorter);
          assertEquals(
              Optional.empty(), difference.worst(), "seed " + seed + ": " + tree + " → " + shorter);
          compared += difference.compared();
          numbers += difference.numbers();
        }
      }
    }
    assertTrue(changed > 5000, changed + " trees changed");
    assertTrue(compared > 0.8 * numbers, compared + " of " + numbers + " numbers compared");
  }

  @Test
  void takesBoundedTimeOnTheLargestTrees() {
    for (String rung :
        new String[] {
          "Neg(%s)", "Sub(%s,Neg(U))", "Mul(Neg(%s),2)", "Div(%s,Neg(3))", "Add(%s,%s)"
        }) {
      String text = "I";
      for (int level = 0; level < (rung.startsWith("Add") ? 8 : 30); level++) {
        text = rung.replace("%s", text);
      }
      Expression tree = ExpressionParser.parse(text, Branch.REGRESSION);
      assertTimeoutPreemptively(
          Duration.ofSeconds(5), () -> Simplifier.simplify(tree, Branch.REGRESSION), rung);
    }
  }

  @Test
  void staysLowEnoughToBeReadBack() {
    String text = "(Sin(I) + Cos(U))";
    for (int level = 0; level < 5; level++) {
      text = "(" + text + " + " + text.replace("I", "I*2").replace("U", "U*3") + ")";
    }
    Expression tree = ExpressionParser.parse(text, Branch.REGRESSION);
    Expression result = Simplifier.simplify(tree, Branch.REGRESSION).expression();
    assertEquals(
        result, ExpressionParser.parse(Printer.prefix(result), Branch.REGRESSION), "reads back");
  }
}
