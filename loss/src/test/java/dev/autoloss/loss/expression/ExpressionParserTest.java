package dev.autoloss.loss.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionParserTest {
  @Test
  void readsTheTreeThatTheTextNames() {
    Expression expected =
        new Binary(
            BinaryOperator.SUB,
            new Constant(-1.5),
            new Unary(UnaryOperator.LOG, new Input(Variable.PY)));

    assertEquals(expected, ExpressionParser.parse("Sub(-1.5,Log(PY))", Branch.ONE_STAGE));
    assertEquals(
        expected, ExpressionParser.parse(" \tSub (\n-1.5 , Log( PY ) ) \n", Branch.ONE_STAGE));
  }

  @Test
  void printedTreesAreReadBackEqual() {
    for (long seed = 0; seed < 200; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed).next((int) (seed % 7));
        String text = Printer.prefix(tree);
        assertEquals(tree, ExpressionParser.parse(text, branch), "seed " + seed + ": " + text);
        assertEquals(text, Printer.prefix(ExpressionParser.parse(text, branch)), "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3", "-2, -2", "0.5, 0.5", "5., 5", ".5, 0.5", "-.5, -0.5", "1e300, 1.0E300",
    "-0.0, -0.0", "0, 0", "-0, -0.0", "1E-7, 1.0E-7", "1e+2, 100", "1e-400, 0", "007, 7"
  })
  void readsNumbers(String text, String printed) {
    Expression constant = ExpressionParser.parse(text, Branch.ONE_STAGE);
    assertEquals(new Constant(Double.parseDouble(text)), constant);
    assertEquals(printed, constant.toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|0|the text ends",
        "`   `|3|the text ends",
        "Neg(X|5|the text ends, expected ')' after the one operand of Neg",
        "Neg(|4|the text ends, expected an operator, an input or a number",
        "Neg|3|the text ends, expected '('",
        "Neg X|4|found 'X', expected '('",
        "Neg()|4|found ')', expected an operator, an input or a number",
        "Neg(X,Y)|5|found ',Y)', expected ')' after the one operand of Neg",
        "Add(X)|5|found ')', expected ',' and the second operand of Add",
        "Add(X,Y,Z)|7|found ',Z)', expected ')' after the two operands of Add",
        "Add(X Y)|6|found 'Y)', expected ','",
        "X Y|2|found 'Y', expected the end",
        "X(Y)|1|found '(Y)', expected the end",
        "Neg(X))|6|found ')', expected the end",
        "Foo(X)|0|unknown name 'Foo', expected a number, an input (X Y Z) or an operator (Add Sub",
        "Add(1,sig(X))|6|unknown name 'sig'",
        "Neg(W)|4|unknown name 'W'",
        "Neg(Q)|4|Q does not exist in the two-stage branch, expected a number, an input (X Y Z)",
        "Neg(-)|5|found ')', expected a digit",
        "Neg(1e)|6|found ')', expected a digit of the exponent",
        "Neg(.)|5|found ')', expected a digit",
        "1.2.3|3|found '.3', expected the end",
        "1d|1|found 'd', expected the end",
        "+1|0|found '+1', expected an operator, an input or a number",
        "NaN|0|unknown name 'NaN'",
        "Neg(1e999)|4|number too large",
        "Neg(#)|4|found '#)', expected an operator, an input or a number",
        "Neg(é)|4|found 'é)'",
      })
  void saysWhereAndWhatWasExpected(String text, int offset, String problem) {
    var exception =
        assertThrows(
            ExpressionException.class, () -> ExpressionParser.parse(text, Branch.TWO_STAGE));
    assertEquals(offset, exception.offset());
    assertTrue(
        exception.getMessage().startsWith("at offset " + offset + ": " + problem),
        exception.getMessage());
    assertTrue(exception.getMessage().contains(", expected "), exception.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'Dot(X,PY)', ONE_STAGE, 0", "'Neg(Dot(I,U))', REGRESSION, 4", "Serf(I), REGRESSION, 0",
    "Serfc(I), REGRESSION, 0", "Salf(I), REGRESSION, 0", "Sgdf(I), REGRESSION, 0",
    "Softmax(I), REGRESSION, 0", "'Add(I,X)', REGRESSION, 6", "'Add(X,I)', ONE_STAGE, 6",
    "'Add(X,Y)', ONE_STAGE, 6"
  })
  void keepsOperatorsAndInputsOfOtherBranchesOut(String text, Branch branch, int offset) {
    var exception =
        assertThrows(ExpressionException.class, () -> ExpressionParser.parse(text, branch));
    assertEquals(offset, exception.offset());
    assertTrue(
        exception.getMessage().contains("does not exist in the " + branch.label() + " branch"),
        exception.getMessage());
  }

  @Test
  void readsTheGreatestHeightAndNoMore() {
    String deepest = "Neg(".repeat(64) + "X" + ")".repeat(64);
    assertEquals(64, ExpressionParser.parse(deepest, Branch.TWO_STAGE).height());
    var exception =
        assertThrows(
            ExpressionException.class,
            () -> ExpressionParser.parse("Neg(" + deepest + ")", Branch.TWO_STAGE));
    assertEquals(65 * 4, exception.offset());
  }

  @Test
  void readsTheGreatestSizeAndNoMore() {
    // A full tree of 511 nodes, and one more above it.
    String full = "X";
    for (int level = 0; level < 8; level++) {
      full = "Add(" + full + "," + full + ")";
    }
    assertEquals(511, ExpressionParser.parse(full, Branch.TWO_STAGE).size());
    assertEquals(512, ExpressionParser.parse("Neg(" + full + ")", Branch.TWO_STAGE).size());
    String large = "Neg(Neg(" + full + "))";
    var exception =
        assertThrows(
            ExpressionException.class, () -> ExpressionParser.parse(large, Branch.TWO_STAGE));
    assertEquals(large.lastIndexOf('X'), exception.offset());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(", "Neg(", "Add(X,", "Add(", "1", "-", "X", "Neg", " ", ")", "\n", "\0", "1e"})
  void failsQuicklyOnAMegabyte(String piece) {
    String text = piece.repeat((1 << 20) / piece.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          var exception =
              assertThrows(
                  ExpressionException.class, () -> ExpressionParser.parse(text, Branch.TWO_STAGE));
          assertTrue(exception.getMessage().length() < 400, exception.getMessage());
          assertFalse(exception.getMessage().contains("\n"), exception.getMessage());
          assertFalse(exception.getMessage().contains("\0"), exception.getMessage());
        });
  }

  @Test
  void anyMutilatedTextIsReadOrRefusedInOneLine() {
    String characters = "XYZNegAddDiv(),.-e10 \n\u2028é";
    for (long seed = 0; seed < 2000; seed++) {
      var random = RandomTrees.random(seed);
      var text = new StringBuilder(new RandomTrees(Branch.TWO_STAGE, seed).next(4).toString());
      for (int k = 0; k < 3; k++) {
        int at = random.nextInt(text.length());
        text.setCharAt(at, characters.charAt(random.nextInt(characters.length())));
      }
      try {
        ExpressionParser.parse(text.toString(), Branch.TWO_STAGE);
      } catch (ExpressionException e) {
        assertTrue(e.offset() >= 0 && e.offset() <= text.length(), "seed " + seed);
        assertEquals(1, e.getMessage().lines().count(), "seed " + seed);
      }
    }
  }
}
