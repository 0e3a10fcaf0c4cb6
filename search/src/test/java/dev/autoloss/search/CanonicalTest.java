package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CanonicalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Add(I,U)|Add(U,I)",
        "Sub(I,U)|Add(Neg(U),I)",
        "Neg(Sub(I,U))|Sub(U,I)",
        "Neg(Neg(I))|I",
        "Sub(3,Div(I,U))|Neg(Div(I,U))",
        "Sub(Add(Sin(2),I),Log(1))|I",
        "Mul(1,I)|I",
        "Div(I,1)|Mul(I,Div(1,1))",
        "Mul(Mul(I,U),E)|Mul(E,Mul(U,I))",
        "Mul(Neg(I),U)|Neg(Mul(U,I))",
        "Mul(Sub(I,U),E)|Neg(Mul(E,Sub(U,I)))",
        "Sin(Add(1,I))|Sin(Add(I,1))",
        "Div(Mul(Neg(1),I),U)|Neg(Div(I,U))",
      })
  void equalStructures(String one, String other) {
    assertEquals(text(one), text(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I|Neg(I)",
        "Sub(I,U)|Sub(U,I)",
        "Div(I,U)|Div(U,I)",
        "Sin(Add(1,I))|Sin(I)",
        "Mul(2,I)|I",
        "Add(I,I)|I",
        "Mul(I,I)|I",
        "Sin(Neg(I))|Sin(I)",
        "Div(I,Sub(U,E))|Div(I,Sub(E,U))",
        "Mul(Add(I,U),E)|Add(I,Mul(U,E))",
      })
  void differentStructures(String one, String other) {
    assertNotEquals(text(one), text(other));
  }

  private static String text(String loss) {
    return Canonical.of(ExpressionParser.parse(loss, Branch.REGRESSION));
  }

  @Test
  void namedLossesDiffer() {
    for (Branch branch : Branch.values()) {
      List<String> texts =
          CatalogueLoss.of(branch).stream()
              .flatMap(loss -> loss.expression().stream())
              .map(Canonical::of)
              .toList();
      assertEquals(texts.size(), texts.stream().distinct().count(), texts.toString());
    }
  }

  /** The evaluator is the judge: losses of one text have one gradient. */
  @ParameterizedTest
  @EnumSource(Branch.class)
  void lossesOfOneTextHaveOneGradient(Branch branch) {
    var space =
        new SearchSpace(
            EnumSet.allOf(Target.class),
            EnumSet.of(UnaryOperator.NEG, UnaryOperator.SIG, UnaryOperator.SOFTPLUS),
            EnumSet.allOf(BinaryOperator.class),
            List.of(1.0, 2.0),
            12,
            5);
    var vocabulary = new Vocabulary(space, branch);
    Inputs inputs = inputs(branch, new Random(5));
    Map<String, Expression> first = new HashMap<>();
    int shared = 0;
    for (int seed = 0; seed < 60_000; seed++) {
      Expression loss = vocabulary.tree(4, Chance.of(seed, 0, 0));
      Expression other = first.putIfAbsent(Canonical.of(loss), loss);
      if (other != null && !other.equals(loss)) {
        shared++;
        assertSameGradient(loss, other, inputs, "seed " + seed + ": " + loss + " and " + other);
      }
    }
    assertTrue(shared > 1000, shared + " pairs compared");
  }

  private static void assertSameGradient(
      Expression loss, Expression other, Inputs inputs, String line) {
    Evaluation one = Evaluator.evaluate(loss, inputs);
    Evaluation two = Evaluator.evaluate(other, inputs);
    for (Variable variable : inputs.branch().variables()) {
      double[] expected = one.gradient(variable);
      double[] found = two.gradient(variable);
      // A row or column sum of the same values differs by how often it is repeated at the root.
      for (int i = 0; i < expected.length; i++) {
        double scale = Math.max(1, Math.abs(expected[i]));
        if (Double.isFinite(expected[i]) && scale < 1e9) {
          assertEquals(expected[i], found[i], 1e-7 * scale, line + " by " + variable);
        }
      }
    }
  }

  private static Inputs inputs(Branch branch, Random random) {
    int columns = branch.classification() ? 3 : 1;
    Map<Variable, double[]> values = new EnumMap<>(Variable.class);
    branch
        .variables()
        .forEach(
            variable -> values.put(variable, random.doubles(5L * columns, 0.3, 2.7).toArray()));
    return Inputs.of(branch, 5, columns, values);
  }

  @Test
  void theLargestLossesTakeNoTime() {
    var largest = new ArrayList<String>();
    for (String operator : List.of("Div", "Mul", "Sub", "Dot")) {
      String left = "X";
      String right = "X";
      for (int i = 0; i < ExpressionParser.MAX_HEIGHT; i++) {
        left = operator + "(" + left + ",Z)";
        right = operator + "(Y," + right + ")";
      }
      largest.add(left);
      largest.add(right);
    }
    for (String loss : largest) {
      Expression parsed = ExpressionParser.parse(loss, Branch.TWO_STAGE);
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> Canonical.of(parsed), loss);
    }
  }
}
