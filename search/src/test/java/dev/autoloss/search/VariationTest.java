package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VariationTest {
  private static final SearchSpace SPACE = Searches.space(EnumSet.allOf(Target.class));

  /** Each child is looked for among all that the definition of its variation allows. */
  @ParameterizedTest
  @EnumSource(
      value = Origin.class,
      names = {"BASELINE", "CONTROL", "INITIAL", "PRIOR", "CATALOGUE", "RANDOM", "CONSTANT_TUNING"},
      mode = EnumSource.Mode.EXCLUDE)
  void childrenAreWhatTheirVariationSays(Origin how) {
    for (Branch branch : Branch.values()) {
      var vocabulary = new Vocabulary(SPACE, branch);
      var variation = new Variation(SPACE, vocabulary);
      Set<Expression> children = new HashSet<>();
      int same = 0;
      for (int seed = 0; seed < 400; seed++) {
        RandomGenerator random = Chance.of(seed, 1, 0);
        Expression parent = parents(branch).get(seed % 3);
        Expression mate = vocabulary.tree(5, random);
        Expression child = variation.vary(how, parent, mate, random);
        String line = "seed " + seed + ": " + parent + ", " + mate + " gave " + child;
        assertTrue(SPACE.admits(child), line);
        assertEquals(child, ExpressionParser.parse(child.toString(), branch), line);
        assertTrue(child.equals(parent) || allowed(how, parent, mate, child), line);
        same += child.equals(parent) ? 1 : 0;
        children.add(child);
      }
      assertTrue(children.size() > 3, how + " in " + branch + " varies: " + children.size());
      assertTrue(same < 40 || how == Origin.CONSTANT_CHANGE, how + " kept " + same + " of 400");
    }
  }

  private static List<Expression> parents(Branch branch) {
    return CatalogueLoss.of(branch).stream().flatMap(loss -> loss.expression().stream()).toList();
  }

  private static boolean allowed(Origin how, Expression parent, Expression mate, Expression child) {
    return places(parent)
        .anyMatch(
            place -> {
              Expression old = Trees.at(parent, place);
              Stream<Expression> others =
                  switch (how) {
                    case CROSSOVER -> places(mate).mapToObj(from -> Trees.at(mate, from));
                    case SUBTREE_MUTATION -> at(child, place);
                    case NODE_REPLACEMENT -> at(child, place).filter(one -> sameArity(old, one));
                    case INSERTION -> at(child, place).filter(one -> above(old, one));
                    case SHRINKING -> places(old).skip(1).mapToObj(from -> Trees.at(old, from));
                    case CONSTANT_CHANGE ->
                        at(child, place)
                            .filter(one -> old instanceof Constant && one instanceof Constant);
                    case CONSTANT_TUNING -> Stream.empty();
                    case BASELINE, CONTROL, INITIAL, PRIOR, CATALOGUE, RANDOM -> Stream.empty();
                  };
              return others.anyMatch(one -> Trees.replace(parent, place, one).equals(child));
            });
  }

  private static Stream<Expression> at(Expression tree, int place) {
    return place < tree.size() ? Stream.of(Trees.at(tree, place)) : Stream.empty();
  }

  private static IntStream places(Expression tree) {
    return IntStream.range(0, tree.size());
  }

  private static boolean sameArity(Expression old, Expression one) {
    return switch (old) {
      case Expression.Unary(var _, var operand) ->
          one instanceof Expression.Unary(var _, var other) && other.equals(operand);
      case Expression.Binary(var _, var left, var right) ->
          one instanceof Expression.Binary(var _, var otherLeft, var otherRight)
              && otherLeft.equals(left)
              && otherRight.equals(right);
      case Expression.Input _, Constant _ -> one.size() == 1;
    };
  }

  private static boolean above(Expression old, Expression one) {
    return switch (one) {
      case Expression.Unary(var _, var operand) -> operand.equals(old);
      case Expression.Binary(var _, var left, var right) ->
          (left.equals(old) && right.size() == 1) || (right.equals(old) && left.size() == 1);
      case Expression.Input _, Constant _ -> false;
    };
  }

  /** Steps of a constant's logarithm are normal with the stated deviation; signs and 0 stay. */
  @Test
  void tuningMovesConstantsOnTheScaleOfLogarithms() {
    Expression parent =
        ExpressionParser.parse("Add(Mul(2,X),Sub(Mul(-0.5,Q),Mul(0,PY)))", Branch.ONE_STAGE);
    var variation = new Variation(SPACE, new Vocabulary(SPACE, Branch.ONE_STAGE));
    double sum = 0;
    double squares = 0;
    int moved = 0;
    int seeds = 4000;
    for (int seed = 0; seed < seeds; seed++) {
      Expression child =
          variation.vary(Origin.CONSTANT_TUNING, parent, parent, Chance.of(seed, 1, 0));
      List<Double> before = constants(parent);
      List<Double> after = constants(child);
      assertEquals(
          parent.toString().replaceAll("-?[0-9.]+", "c"),
          child.toString().replaceAll("-?[0-9.E-]+", "c"),
          "seed " + seed);
      assertEquals(0, after.get(2), "seed " + seed);
      for (int i = 0; i < 2; i++) {
        double step = Math.log(after.get(i) / before.get(i));
        if (step != 0) {
          sum += step;
          squares += step * step;
          moved++;
        }
      }
      assertTrue(child.toString().length() < 60, child::toString);
    }
    // Of three, 0 among them: 2/3 of the tries move a constant, 11/12 of them move any.
    assertEquals(8 / 11.0, moved / (2.0 * seeds), 0.02);
    assertEquals(0, sum / moved, 0.02);
    assertEquals(0.3, Math.sqrt(squares / moved), 0.01);
  }

  private static List<Double> constants(Expression tree) {
    return places(tree)
        .mapToObj(place -> Trees.at(tree, place))
        .filter(Constant.class::isInstance)
        .map(node -> ((Constant) node).value())
        .toList();
  }

  @Test
  void randomTreesStayWithinTheirHeightAndNodes() {
    for (int nodes : new int[] {3, 4, 7, 40}) {
      var space =
          new SearchSpace(
              EnumSet.of(Target.CLASSIFICATION),
              EnumSet.allOf(UnaryOperator.class),
              EnumSet.allOf(BinaryOperator.class),
              List.of(1.0),
              nodes,
              10);
      var vocabulary = new Vocabulary(space, Branch.TWO_STAGE);
      Set<Integer> heights = new HashSet<>();
      Set<Integer> sizes = new HashSet<>();
      for (int seed = 0; seed < 1000; seed++) {
        Expression tree = vocabulary.tree(4, Chance.of(seed, 0, 0));
        assertTrue(tree.height() <= 4 && tree.size() <= nodes, tree::toString);
        heights.add(tree.height());
        sizes.add(tree.size());
      }
      int highest = Math.min(4, nodes - 1);
      assertEquals(Set.copyOf(IntStream.rangeClosed(0, highest).boxed().toList()), heights);
      assertTrue(nodes > 31 || sizes.contains(nodes), "sizes " + sizes);
    }
  }

  /** The default losses lie outside this space: what is bred from them does not. */
  @Test
  void childrenOfParentsOutsideTheSpaceAreInIt() {
    var narrow =
        new SearchSpace(
            EnumSet.allOf(Target.class),
            EnumSet.of(UnaryOperator.SIG, UnaryOperator.LOG, UnaryOperator.NEG),
            EnumSet.of(BinaryOperator.MUL, BinaryOperator.DIV, BinaryOperator.SUB),
            List.of(1.0),
            8,
            4);
    for (Branch branch : List.of(Branch.ONE_STAGE, Branch.TWO_STAGE)) {
      for (long seed = 0; seed < 50; seed++) {
        var spec =
            new SearchSpec(
                seed,
                branch,
                narrow,
                new Evolution(2, 300, 4, 2, 1, Searches.RATES, List.of(), Breeding.published()),
                new Trials(0));
        var breeder = new Breeder(spec, SearchState.empty(), 1);
        for (int attempt = 0; attempt < 100; attempt++) {
          LossPair losses = breeder.child(attempt).losses();
          for (Target target : Target.values()) {
            Expression loss = losses.of(target).orElseThrow();
            assertTrue(narrow.admits(loss), "seed " + seed + ": " + loss);
          }
        }
      }
    }
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
