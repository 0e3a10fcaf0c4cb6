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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 - I/U | Sub(1,Div(I,U))",
        "1+I*U | Add(1,Mul(I,U))",
        "1 - I - U + E | Add(Sub(Sub(1,I),U),E)",
        "I / U * E | Mul(Div(I,U),E)",
        "-I * U | Mul(Neg(I),U)",
        "-(I * U) | Neg(Mul(I,U))",
        "I*-U | Mul(I,Neg(U))",
        "--I | Neg(Neg(I))",
        "-2*I | Mul(-2,I)",
        "-(2) | Neg(2)",
        "- 2 | Neg(2)",
        "1 -2 | Sub(1,2)",
        "1 - -2 | Sub(1,-2)",
        "1--2 | Sub(1,-2)",
        "((I)) | I",
        "(1 - I) * U | Mul(Sub(1,I),U)",
        "Log(I + 1) / Abs(-U) | Div(Log(Add(I,1)),Abs(Neg(U)))",
        "Sub(1, I/U) + Neg(E) | Add(Sub(1,Div(I,U)),Neg(E))",
        "I-1e-3-.5 | Sub(Sub(I,0.001),0.5)",
      })
  void readsInfix(String text, String prefix) {
    assertEquals(prefix, ExpressionParser.parse(text, Branch.REGRESSION).toString());
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
        "Add(1,sig(X))|6|unknown name 'sig', nearest is Sig, expected a number, an input",
        "Sofmax(X)|0|unknown name 'Sofmax', nearest is Softmax, expected",
        "Log(x)|4|unknown name 'x', nearest is X, expected",
        "Neg(W)|4|unknown name 'W', expected",
        "(X|2|the text ends, expected ')' after what the bracket holds",
        "(X Y)|3|found 'Y)', expected ')' after what the bracket holds",
        "()|1|found ')', expected an operator, an input or a number",
        "X +|3|the text ends, expected an operator, an input or a number",
        "X + * Y|4|found '* Y', expected an operator, an input or a number",
        "X ^ 2|2|found '^ 2', expected the end",
        "X * (Y - 1|10|the text ends, expected ')'",
        "-|1|the text ends, expected an operator, an input or a number",
        "-.|2|the text ends, expected a digit",
        "1 / foo(X)|4|unknown name 'foo', expected",
        "Neg(Q)|4|Q does not exist in the two-stage branch, expected a number, an input (X Y Z)",
        "Neg(-)|5|found ')', expected an operator, an input or a number",
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

  @Test
  void readsTheGreatestHeightOfInfixChainsAndNoMore() {
    String tallest = "X" + " + X".repeat(64);
    assertEquals(64, ExpressionParser.parse(tallest, Branch.TWO_STAGE).height());
    assertDeep(tallest + " - X", tallest.length() + 1);
    assertDeep("Neg(" + tallest + ")", 0);
    assertDeep("-(" + tallest + ")", 0);
    assertDeep("1 * (" + tallest + ")", 2);
    assertEquals(64, ExpressionParser.parse("-".repeat(64) + "X", Branch.TWO_STAGE).height());
    assertDeep("-".repeat(65) + "X", 65);
    assertDeep("Dot(X, " + tallest + ")", 0);
  }

  @Test
  void readsAsManyBracketsAsTheHeightAndNoMore() {
    String brackets = "(".repeat(64) + "X" + ")".repeat(64);
    assertEquals(new Input(Variable.X), ExpressionParser.parse(brackets, Branch.TWO_STAGE));
    assertDeep("(" + brackets + ")", 64);
    // Brackets that are closed do not count.
    String chain = "((X))" + " + ((X))".repeat(40);
    assertEquals(40, ExpressionParser.parse(chain, Branch.TWO_STAGE).height());
  }

  private static void assertDeep(String text, int offset) {
    var exception =
        assertThrows(
            ExpressionException.class, () -> ExpressionParser.parse(text, Branch.TWO_STAGE));
    assertTrue(exception.getMessage().contains("too deep, expected at most 64"), text);
    assertEquals(offset, exception.offset(), text);
  }

  @Test
  void signsCountAsNodes() {
    // 8 rows of 63 operands and 62 signs each hold 8 × 125 nodes.
    String row = "(X" + " * X".repeat(31) + ")";
    String text = row + (" + " + row).repeat(7);
    assertEquals(8 * 63 + 7, ExpressionParser.parse(text, Branch.TWO_STAGE).size());
    var exception =
        assertThrows(
            ExpressionException.class,
            () -> ExpressionParser.parse(text + " + X", Branch.TWO_STAGE));
    assertTrue(exception.getMessage().contains("too large"), exception.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "Neg(",
        "Add(X,",
        "Add(",
        "1",
        "-",
        "X",
        "Neg",
        " ",
        ")",
        "\n",
        "\0",
        "1e",
        "X+",
        "X*(",
        "a1",
        "Add(X,X,",
        "1.",
        "-1-",
        "é"
      })
  void failsQuicklyOnTenMegabytesAndOnTheLongestTextThatIsRead(String piece) {
    for (int length : new int[] {10 << 20, ExpressionParser.MAX_LENGTH}) {
      String text = piece.repeat(length / piece.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(5),
          () -> {
            var exception =
                assertThrows(
                    ExpressionException.class,
                    () -> ExpressionParser.parse(text, Branch.TWO_STAGE));
            assertTrue(exception.getMessage().length() < 400, exception.getMessage());
            assertFalse(exception.getMessage().contains("\n"), exception.getMessage());
            assertFalse(exception.getMessage().contains("\0"), exception.getMessage());
            assertTrue(exception.offset() <= ExpressionParser.MAX_LENGTH);
          });
    }
  }

  @Test
  void readsTheLongestTextAndNoMore() {
    String text = " ".repeat(ExpressionParser.MAX_LENGTH - 1) + "X";
    assertEquals(new Input(Variable.X), ExpressionParser.parse(text, Branch.TWO_STAGE));
    var exception =
        assertThrows(
            ExpressionException.class, () -> ExpressionParser.parse(text + " ", Branch.TWO_STAGE));
    assertEquals(
        "at offset 65536: too long with 65537 characters, expected at most 65536",
        exception.getMessage());
  }

  @Test
  void readsTheLongestNumberAndNoMore() {
    String longest = "0." + "1".repeat(62);
    assertEquals(
        new Constant(Double.parseDouble(longest)),
        ExpressionParser.parse(longest, Branch.TWO_STAGE));
    var exception =
        assertThrows(
            ExpressionException.class,
            () -> ExpressionParser.parse("Neg(" + longest + "1)", Branch.TWO_STAGE));
    assertEquals(
        "at offset 4: number too long, expected at most 64 characters", exception.getMessage());
  }

  @Test
  void anyMutilatedTextIsReadOrRefusedInOneLine() {
    String characters = "XYZNegAddDiv(),.-+*/e10 \n\u2028é";
    for (long seed = 0; seed < 2000; seed++) {
      var random = RandomTrees.random(seed);
      Expression tree = new RandomTrees(Branch.TWO_STAGE, seed).next(4);
      var text = new StringBuilder(seed % 2 == 0 ? tree.toString() : Printer.infix(tree));
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
