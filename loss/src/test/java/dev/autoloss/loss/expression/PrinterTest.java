package dev.autoloss.loss.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.loss.RandomTrees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrinterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Neg(Dot(Mul(Y,Add(1,Sin(Z))),Log(Softmax(X)))) | -Dot(Y * (1 + Sin(Z)), Log(Softmax(X)))",
        "Add(1,Add(X,Y)) | 1 + (X + Y)",
        "Add(Add(1,X),Y) | 1 + X + Y",
        "Sub(1,Sub(X,Y)) | 1 - (X - Y)",
        "Sub(Sub(1,X),Y) | 1 - X - Y",
        "Mul(X,Add(Y,Z)) | X * (Y + Z)",
        "Add(X,Mul(Y,Z)) | X + Y * Z",
        "Mul(X,Mul(Y,Z)) | X * (Y * Z)",
        "Mul(Mul(X,Y),Z) | X * Y * Z",
        "Div(X,Div(Y,Z)) | X / (Y / Z)",
        "Div(Div(X,Y),Z) | X / Y / Z",
        "Div(Sub(X,Y),Neg(Z)) | (X - Y) / -Z",
        "Neg(Mul(X,Y)) | -(X * Y)",
        "Neg(Sub(X,Y)) | -(X - Y)",
        "Mul(Neg(X),Y) | -X * Y",
        "Neg(Neg(X)) | --X",
        "Neg(2) | -(2)",
        "Neg(-2) | --2",
        "Neg(0) | -(0)",
        "Neg(-0.0) | --0.0",
        "Sub(X,-2) | X - -2",
        "Mul(-2,X) | -2 * X",
        "Exp(Neg(Abs(X))) | Exp(-Abs(X))",
        "Neg(Dot(X,Y)) | -Dot(X, Y)",
        "Mul(Dot(X,Add(Y,1)),2) | Dot(X, Y + 1) * 2",
      })
  void infixHasNoBracketThatTheTreeDoesNotNeed(String prefix, String infix) {
    Expression tree = ExpressionParser.parse(prefix, Branch.TWO_STAGE);
    assertEquals(infix, Printer.infix(tree));
    assertEquals(tree, ExpressionParser.parse(infix, Branch.TWO_STAGE));
  }

  @Test
  void tenThousandInfixTreesAreReadBackEqual() {
    int read = 0;
    for (long seed = 0; read < 10_000; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed).next((int) (seed % 8));
        if (tree.size() <= ExpressionParser.MAX_SIZE) {
          String text = Printer.infix(tree);
          assertEquals(tree, ExpressionParser.parse(text, branch), "seed " + seed + ": " + text);
          read++;
        }
      }
    }
  }

  @Test
  void theTallestTreesAreReadBackFromInfix() {
    for (String rung : new String[] {"Neg(%s)", "Sub(X,%s)", "Mul(%s,Y)", "Log(%s)", "Dot(Y,%s)"}) {
      String text = "X";
      for (int level = 0; level < ExpressionParser.MAX_HEIGHT; level++) {
        text = rung.formatted(text);
      }
      Expression tree = ExpressionParser.parse(text, Branch.TWO_STAGE);
      assertEquals(tree, ExpressionParser.parse(Printer.infix(tree), Branch.TWO_STAGE), rung);
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.1,
        1.0 / 3,
        -Math.PI,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MIN_NORMAL,
        999_999_999_999_999.0,
        1e15,
        -1e15,
        1e15 - 0.125,
        -0.0,
        0x1.fffffffffffffp-1
      })
  void constantsKeepEveryBit(double value) {
    Expression constant = new Expression.Constant(value);
    for (String text : new String[] {Printer.prefix(constant), Printer.infix(constant)}) {
      assertEquals(constant, ExpressionParser.parse(text, Branch.ONE_STAGE), text);
    }
  }

  @Test
  void randomBitsKeepEveryBit() {
    var random = RandomTrees.random(1);
    for (int k = 0; k < 20_000; k++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        Expression constant = new Expression.Constant(value);
        assertEquals(constant, ExpressionParser.parse(constant.toString(), Branch.ONE_STAGE));
      }
    }
  }

  @Test
  void wholeNumbersPrintPlainlyBelowTenToTheFifteen() {
    assertEquals("999999999999999", new Expression.Constant(1e15 - 1).toString());
    assertEquals("1.0E15", new Expression.Constant(1e15).toString());
    assertEquals("-999999999999999", new Expression.Constant(1 - 1e15).toString());
    assertEquals("-1.0E15", new Expression.Constant(-1e15).toString());
    assertEquals("0.5", new Expression.Constant(0.5).toString());
  }
}
