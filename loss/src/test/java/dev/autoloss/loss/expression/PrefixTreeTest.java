package dev.autoloss.loss.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.autoloss.loss.RandomTrees;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrefixTreeTest {
  private static final long SEED = 7;

  @ParameterizedTest
  @EnumSource(Branch.class)
  void keepsTreesAndTellsThemApart(Branch branch) {
    var trees = new RandomTrees(branch, SEED);
    var tree = new PrefixTree();
    Map<Long, Expression> byHash = new HashMap<>();
    for (int i = 0; i < 5000; i++) {
      Expression expression = trees.next(i % 9);
      tree.set(expression);
      assertEquals(expression, tree.expression(), "seed " + SEED);
      assertEquals(expression.size(), tree.size());
      assertEquals(expression, byHash.getOrDefault(tree.hash(), expression), "seed " + SEED);
      byHash.put(tree.hash(), expression);
    }
  }

  @Test
  void refusesATreeThatIsNotComplete() {
    var tree = new PrefixTree();
    assertThrows(IllegalStateException.class, tree::expression);
    tree.binary(BinaryOperator.ADD);
    tree.input(Variable.X);
    assertEquals(
        "an operand is missing at 2",
        assertThrows(IllegalStateException.class, tree::expression).getMessage());
    tree.constant(2);
    tree.constant(3);
    assertEquals(
        "operands left over at 3 of 4",
        assertThrows(IllegalStateException.class, tree::expression).getMessage());
    tree.clear();
    assertEquals(0, tree.size());
  }
}
