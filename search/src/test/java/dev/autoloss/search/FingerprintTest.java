package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Sample;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.search.screening.Fingerprint;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FingerprintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Add(Div(I,U),Div(I,E))|Add(Div(I,E),Div(I,U))",
        "Neg(Sub(Div(I,U),U))|Sub(U,Div(I,U))",
        "Sub(3,Div(I,U))|Neg(Div(I,U))",
        "Sub(Log(2),Div(I,U))|Neg(Relu(Div(I,U)))",
        "Mul(Div(E,E),Neg(I))|Neg(Abs(Mul(1,I)))",
        "Div(Mul(I,E),U)|Mul(E,Mul(I,Div(1,U)))",
        "Sub(I,Sub(U,U))|I",
        "Sub(Exp(Div(I,U)),Mul(2,Sub(E,Mul(E,1))))|Exp(Div(I,U))",
      })
  void losesWhatDoesNotTrain(String one, String other) {
    assertEquals(regression(one), regression(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I|Neg(I)",
        "Div(I,U)|Div(I,E)",
        "Div(I,U)|Mul(2,Div(I,U))",
        "Div(I,U)|Mul(Div(I,U),Div(I,U))",
        "Div(Add(I,2),U)|Div(I,U)",
        "Div(I,Add(1,U))|Div(I,U)",
        "Div(Sub(E,U),E)|Div(Abs(Sub(E,U)),E)",
      })
  void keepsWhatTrains(String one, String other) {
    assertNotEquals(regression(one), regression(other));
  }

  private static Fingerprint regression(String loss) {
    return Fingerprint.of(ExpressionParser.parse(loss, Branch.REGRESSION), Branch.REGRESSION);
  }

  @ParameterizedTest
  @EnumSource(Branch.class)
  void namedLossesDiffer(Branch branch) {
    List<Fingerprint> prints =
        named(branch).stream().map(loss -> Fingerprint.of(loss, branch)).toList();
    assertEquals(prints.size(), Set.copyOf(prints).size());
  }

  private static List<Expression> named(Branch branch) {
    return CatalogueLoss.of(branch).stream().flatMap(loss -> loss.expression().stream()).toList();
  }

  /** Losses of one fingerprint have one gradient at points that the fingerprint has not seen. */
  @ParameterizedTest
  @EnumSource(Branch.class)
  void equalFingerprintsMeanEqualGradientsElsewhere(Branch branch) {
    SearchSpace space = Searches.space(EnumSet.allOf(Target.class));
    var variation = new Variation(space, new Vocabulary(space, branch));
    Inputs elsewhere = elsewhere(branch, new Random(5));
    Map<Fingerprint, Expression> first = new HashMap<>();
    Set<Expression> seen = new HashSet<>();
    int shared = 0;
    for (int seed = 0; seed < 6000; seed++) {
      var random = Chance.of(seed, 3, 0);
      Expression parent = Chance.pick(named(branch), random);
      Origin how =
          Chance.pick(
              List.of(Origin.INSERTION, Origin.NODE_REPLACEMENT, Origin.SUBTREE_MUTATION), random);
      Expression loss = variation.vary(how, parent, parent, random);
      if (seen.add(loss) && Gates.published().judge(loss, branch) instanceof Verdict.Accepted()) {
        Expression other = first.putIfAbsent(Fingerprint.of(loss, branch), loss);
        if (other != null) {
          shared++;
          assertSameGradient(loss, other, elsewhere, "seed " + seed);
        }
      }
    }
    assertTrue(shared > 10, shared + " pairs compared");
    assertTrue(first.size() > 100, first.size() + " different");
  }

  private static void assertSameGradient(
      Expression loss, Expression other, Inputs inputs, String seed) {
    Evaluation one = Evaluator.evaluate(loss, inputs);
    Evaluation two = Evaluator.evaluate(other, inputs);
    List<Variable> trained =
        inputs.branch().classification()
            ? List.of(Variable.X)
            : List.of(Variable.I, Variable.U, Variable.E);
    double[] expected = gradients(one, trained, inputs);
    double[] found = gradients(two, trained, inputs);
    double product = 0;
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      product += expected[i] * found[i];
      squares += found[i] * found[i];
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    // Of one scale, which is a step of 2 %.
    double scale = product / squares;
    assertEquals(1, scale, 0.021, seed + ": " + loss + " and " + other);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          expected[i],
          scale * found[i],
          1e-3 * largest + 1e-9,
          seed + ": " + loss + " and " + other);
    }
  }

  private static double[] gradients(Evaluation loss, List<Variable> trained, Inputs inputs) {
    return trained.stream()
        .flatMapToDouble(
            variable -> {
              double[] gradient = loss.gradient(variable);
              for (int i = 0; i < gradient.length; i++) {
                if (variable == Variable.I && inputs.of(variable)[i] == 0) {
                  // Boxes that are apart do not move with their intersection.
                  gradient[i] = 0;
                }
              }
              return java.util.Arrays.stream(gradient);
            })
        .toArray();
  }

  private static Inputs elsewhere(Branch branch, Random random) {
    if (branch.classification()) {
      return Sample.inputs(
          branch,
          Stream.generate(
                  () ->
                      random.nextBoolean()
                          ? Sample.negative(random.doubles(3, -6, 6).toArray())
                          : Sample.positive(
                              random.nextInt(2),
                              random.nextDouble(),
                              random.doubles(3, -6, 6).toArray()))
              .limit(60)
              .toList());
    }
    return BoxPair.inputs(
        Stream.generate(
                () ->
                    new BoxPair(
                        Box.around(
                            random.nextDouble(-9, 9),
                            random.nextDouble(-9, 9),
                            random.nextDouble(4, 30),
                            random.nextDouble(4, 30)),
                        Box.around(0, 0, 12, 20)))
            .limit(60)
            .toList());
  }

  @Test
  void aDetachedInputIsNoGradient() {
    assertEquals(
        Fingerprint.of(
            ExpressionParser.parse("Add(Sin(Q),Mul(Q,X))", Branch.ONE_STAGE), Branch.ONE_STAGE),
        Fingerprint.of(ExpressionParser.parse("Mul(Q,X)", Branch.ONE_STAGE), Branch.ONE_STAGE));
  }
}
