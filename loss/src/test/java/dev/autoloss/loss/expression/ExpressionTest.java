package dev.autoloss.loss.expression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.expression.Expression.Constant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static Expression read(String text) {
    return ExpressionParser.parse(text, Branch.ONE_STAGE);
  }

  @Test
  void sizeCountsNodesAndHeightEdges() {
    assertEquals(List.of(1, 0), List.of(read("X").size(), read("X").height()));
    assertEquals(List.of(1, 0), List.of(read("2").size(), read("2").height()));
    assertEquals(List.of(3, 2), List.of(read("Neg(Log(X))").size(), read("Neg(Log(X))").height()));
    Expression lopsided = read("Add(X,Mul(Neg(X),2))");
    assertEquals(List.of(6, 3), List.of(lopsided.size(), lopsided.height()));
    assertEquals(3, read("Add(Mul(Neg(X),2),X)").height());
  }

  @Test
  void inputsAreThoseThatStandInTheTree() {
    assertEquals(Set.of(), read("Add(1,Neg(2))").inputs());
    assertEquals(
        List.of(Variable.X, Variable.Q, Variable.NY),
        List.copyOf(read("Add(Mul(NY,Q),Log(Sub(Q,X)))").inputs()));
  }

  @Test
  void constantsAreListedInTheOrderOfTheStoredForm() {
    assertArrayEquals(new double[0], read("Log(X)").constants());
    assertArrayEquals(
        new double[] {1, 2, 2, -0.5}, read("Add(Mul(1,2),Sub(Neg(2),Mul(X,-0.5)))").constants());
  }

  @Test
  void constantsAreReplacedInTheirOrder() {
    Expression tree = read("Add(Mul(1,X),Sub(Neg(2),3))");
    assertEquals(read("Add(Mul(10,X),Sub(Neg(-20),0.3))"), tree.withConstants(10, -20, 0.3));
    assertEquals(read("Add(Mul(1,X),Sub(Neg(2),3))"), tree, "trees are values");
    assertEquals(read("Log(X)"), read("Log(X)").withConstants());
  }

  @Test
  void anyTreeIsItselfWithItsOwnConstants() {
    for (long seed = 0; seed < 500; seed++) {
      Expression tree = new RandomTrees(Branch.REGRESSION, seed).next(6);
      assertEquals(tree, tree.withConstants(tree.constants()), "seed " + seed);
    }
  }

  @Test
  void constantsOfAnotherNumberAreRefused() {
    Expression tree = read("Add(1,Mul(2,X))");
    var fewer = assertThrows(IllegalArgumentException.class, () -> tree.withConstants(1));
    assertEquals("1 constants, expected 2 for Add(1,Mul(2,X))", fewer.getMessage());
    assertThrows(IllegalArgumentException.class, () -> tree.withConstants(1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> tree.withConstants(1, Double.NaN));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aConstantIsFinite(double value) {
    var refused = assertThrows(IllegalArgumentException.class, () -> new Constant(value));
    assertTrue(String.valueOf(refused.getMessage()).endsWith("not " + value));
  }
}
