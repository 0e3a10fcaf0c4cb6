package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VariationTest {
  private static final SearchSpace SPACE = Searches.space(EnumSet.allOf(Target.class));

  @ParameterizedTest
  @EnumSource(
      value = Origin.class,
      names = {"BASELINE", "INITIAL", "RANDOM"},
      mode = EnumSource.Mode.EXCLUDE)
  void childrenAreTreesOfTheBranchWithinTheLimits(Origin how) {
    for (Branch branch : Branch.values()) {
      var vocabulary = new Vocabulary(SPACE, branch);
      var variation = new Variation(SPACE, vocabulary);
      Set<Expression> children = new HashSet<>();
      for (int seed = 0; seed < 300; seed++) {
        RandomGenerator random = Chance.of(seed, 1, 0);
        Expression parent =
            CatalogueLoss.of(branch).stream()
                .flatMap(loss -> loss.expression().stream())
                .toList()
                .get(seed % 3);
        Expression mate = vocabulary.tree(5, random);
        Expression child = variation.vary(how, parent, mate, random);
        assertTrue(SPACE.admits(child), "seed " + seed + ": " + child);
        assertEquals(child, ExpressionParser.parse(child.toString(), branch), "seed " + seed);
        children.add(child);
        if (how == Origin.NODE_REPLACEMENT) {
          assertEquals(parent.size(), child.size(), "seed " + seed);
        }
        if (how == Origin.SHRINKING) {
          assertTrue(child.size() < parent.size() || child.equals(parent), "seed " + seed);
        }
        if (how == Origin.INSERTION) {
          assertTrue(child.size() > parent.size() || child.equals(parent), "seed " + seed);
        }
      }
      assertTrue(children.size() > 3, how + " in " + branch + " varies: " + children.size());
    }
  }

  @Test
  void randomTreesStayWithinTheirHeight() {
    var vocabulary = new Vocabulary(SPACE, Branch.TWO_STAGE);
    Set<Integer> heights = new HashSet<>();
    for (int seed = 0; seed < 1000; seed++) {
      Expression tree = vocabulary.tree(4, Chance.of(seed, 0, 0));
      assertTrue(tree.height() <= 4, tree::toString);
      heights.add(tree.height());
    }
    assertEquals(Set.of(0, 1, 2, 3, 4), heights);
  }

  @Test
  void placesAreThoseOfThePreorder() {
    Expression tree = ExpressionParser.parse("Add(Sin(X),Mul(Q,2))", Branch.ONE_STAGE);
    StringBuilder walk = new StringBuilder();
    for (int place = 0; place < tree.size(); place++) {
      walk.append(Trees.at(tree, place)).append(' ');
      assertEquals(tree, Trees.replace(tree, place, Trees.at(tree, place)));
    }
    assertEquals("Add(Sin(X),Mul(Q,2)) Sin(X) X Mul(Q,2) Q 2 ", walk.toString());
    assertEquals(
        "Add(Sin(X),PY)",
        Trees.replace(tree, 3, ExpressionParser.parse("PY", Branch.ONE_STAGE)).toString());
  }
}
