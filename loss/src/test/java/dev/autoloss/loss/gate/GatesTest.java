package dev.autoloss.loss.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GatesTest {
  private final Gates gates = Gates.published();

  private Verdict judge(String text, Branch branch) {
    return gates.judge(ExpressionParser.parse(text, branch), branch);
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void acceptEveryLossOfTheCatalogue(CatalogueLoss loss) {
    assertEquals(
        new Verdict.Accepted(),
        gates.judge(loss.expression().orElseThrow(), loss.branch()),
        loss.label());
  }

  /** Losses of the field and variants that a search must be free to find. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "two-stage cross-entropy a class, not summed | TWO_STAGE | Neg(Mul(Y,Log(Softmax(X))))",
        "half the squared distance | TWO_STAGE | Dot(Sub(Softmax(X),Y),Sub(Softmax(X),Y))",
        "weighted by 2 | TWO_STAGE | Neg(Dot(Mul(Y,2),Log(Softmax(X))))",
        "poly-1 | TWO_STAGE | Add(Neg(Dot(Y,Log(Softmax(X)))),Sub(1,Dot(Y,Softmax(X))))",
        "binary cross-entropy | ONE_STAGE | Add(Mul(PY,Softplus(Neg(X))),Mul(NY,Softplus(X)))",
        "hinge | ONE_STAGE | Add(Mul(PY,Relu(Sub(1,X))),Mul(NY,Relu(Add(1,X))))",
        "mean absolute error | ONE_STAGE | Abs(Sub(PY,Sig(X)))",
        "falling curve | ONE_STAGE | Add(Mul(PY,Serfc(X)),Mul(NY,Serf(X)))",
        "quality focal | ONE_STAGE | Mul(Mul(Sub(Sig(X),Q),Sub(Sig(X),Q)),"
            + "Add(Mul(Q,Softplus(Neg(X))),Mul(Sub(1,Q),Softplus(X))))",
        "logarithm | REGRESSION | Neg(Log(Add(Div(I,U),1)))",
        "logarithm of IoU | REGRESSION | Neg(Log(Div(I,U)))",
        "intersection over enclosing | REGRESSION | Sub(1,Div(I,E))",
        "squared | REGRESSION | Mul(Sub(1,Div(I,U)),Sub(2,Div(I,U)))",
      })
  void acceptSoundLosses(String name, Branch branch, String text) {
    assertEquals(new Verdict.Accepted(), judge(text, branch), name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Not finite.
        "FINITE | TWO_STAGE | Neg(Dot(Y,Log(X)))",
        "FINITE | TWO_STAGE | Mul(Y,Sqrt(Sub(Softmax(X),1)))",
        "FINITE | TWO_STAGE | Mul(Y,Exp(Exp(X)))",
        "FINITE | ONE_STAGE | Mul(PY,Sqrt(X))",
        "FINITE | ONE_STAGE | Mul(PY,Div(1,Mul(X,X)))",
        "FINITE | ONE_STAGE | Div(X,NY)",
        "FINITE | ONE_STAGE | Mul(NY,Mul(Exp(Exp(X)),Exp(X)))",
        "FINITE | ONE_STAGE | Sub(Mul(NY,Softplus(X)),Sqrt(Mul(Q,Sig(X))))",
        "FINITE | REGRESSION | Log(Sub(Div(I,U),1))",
        "FINITE | REGRESSION | Sqrt(Sub(I,U))",
        "FINITE | REGRESSION | Neg(Sqrt(Div(I,U)))",
        "FINITE | REGRESSION | Mul(I,Exp(Exp(E)))",
        // Ignores what it must use.
        "INPUTS | TWO_STAGE | 3",
        "INPUTS | TWO_STAGE | Dot(Y,Z)",
        "INPUTS | TWO_STAGE | Neg(Log(Softmax(X)))",
        "INPUTS | TWO_STAGE | Add(Softplus(X),Mul(Y,Z))",
        "INPUTS | TWO_STAGE | Mul(Y,Sub(X,X))",
        "INPUTS | TWO_STAGE | Sqrt(Sub(Softmax(X),1))",
        "MONOTONE | TWO_STAGE | Neg(Log(Dot(Y,Div(X,X))))",
        "INPUTS | ONE_STAGE | Add(PY,NY)",
        "INPUTS | ONE_STAGE | Softplus(X)",
        "INPUTS | ONE_STAGE | Mul(Add(PY,NY),Sig(X))",
        "INPUTS | ONE_STAGE | Mul(PY,Softmax(3))",
        "INPUTS | REGRESSION | 1",
        "INPUTS | REGRESSION | Neg(I)",
        "INPUTS | REGRESSION | Div(U,E)",
        "INPUTS | REGRESSION | Add(Div(I,I),Div(U,E))",
        "INPUTS | REGRESSION | Sub(Add(U,1),Sub(I,I))",
        "INPUTS | REGRESSION | Add(Neg(I),Div(E,E))",
        // Pulls the wrong way, or nowhere.
        "MONOTONE | TWO_STAGE | Dot(Y,Log(Softmax(X)))",
        "MONOTONE | TWO_STAGE | Neg(Dot(Y,X))",
        "MONOTONE | TWO_STAGE | Neg(Dot(Y,Log(Sig(X))))",
        "MONOTONE | TWO_STAGE | Dot(Y,Sin(X))",
        "MONOTONE | TWO_STAGE | Neg(Dot(Y,Relu(Sub(Softmax(X),0.9))))",
        "MONOTONE | TWO_STAGE | Neg(Dot(Y,Mul(Log(Softmax(X)),Softmax(X))))",
        "MONOTONE | ONE_STAGE | Mul(Sub(PY,NY),X)",
        "MONOTONE | ONE_STAGE | Neg(Mul(PY,Log(Sig(X))))",
        "MONOTONE | ONE_STAGE | Mul(NY,Softplus(X))",
        "MONOTONE | ONE_STAGE | Mul(Sub(Q,X),Sub(Q,X))",
        "MONOTONE | ONE_STAGE | Cos(Sub(PY,X))",
        // Does not converge: pulls on sure answers as on wrong ones, or harder.
        "MONOTONE | ONE_STAGE | Mul(Sub(NY,PY),X)",
        "MONOTONE | ONE_STAGE | Mul(Sub(NY,PY),Mul(X,Abs(X)))",
        // Two minima below full overlap.
        "MONOTONE | ONE_STAGE | Add(Add(Mul(PY,Softplus(Neg(X))),Mul(NY,Softplus(X))),"
            + "Mul(Mul(20,Mul(Q,Sub(PY,Q))),Cos(X)))",
        "MONOTONE | ONE_STAGE | Mul(Sub(NY,PY),Relu(Sub(X,3)))",
        // Farther costs less, or nothing more.
        "DISTANCE_CONSISTENT | REGRESSION | Div(I,U)",
        "DISTANCE_CONSISTENT | REGRESSION | Sub(Div(I,U),1)",
        "DISTANCE_CONSISTENT | REGRESSION | Neg(Div(U,Add(I,1)))",
        "DISTANCE_CONSISTENT | REGRESSION | Neg(Mul(I,U))",
        "INPUTS | REGRESSION | Relu(Sub(Div(I,U),2))",
        "DISTANCE_CONSISTENT | REGRESSION | Relu(Sub(0.4,Div(I,U)))",
        "DISTANCE_CONSISTENT | REGRESSION | Abs(Sub(Div(I,U),0.5))",
        "DISTANCE_CONSISTENT | REGRESSION | Sin(Mul(9,Div(I,U)))",
        "DISTANCE_CONSISTENT | REGRESSION | Sub(U,I)",
        "DISTANCE_CONSISTENT | REGRESSION | Sub(Log(U),Abs(I))",
        "DISTANCE_CONSISTENT | REGRESSION | Sub(1,Div(I,Mul(U,U)))",
        "DISTANCE_CONSISTENT | REGRESSION | Mul(E,Sub(2,Div(I,U)))",
      })
  void rejectBadLosses(Gate gate, Branch branch, String text) {
    var rejected = assertInstanceOf(Verdict.Rejected.class, judge(text, branch));
    assertEquals(gate, rejected.gate(), rejected.reason());
    assertEquals(1, rejected.reason().lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ONE_STAGE | Mul(Sub(Q,X),Sub(Q,X)) | a positive's loss rises from logit 1 to 8 (0 → 49)",
        "ONE_STAGE | Neg(Mul(PY,Log(Sig(X)))) | a negative's loss stands still over 100 % of the"
            + " logits from -8 to 8",
        "REGRESSION | Log(Sub(Div(I,U),1)) | the value is NaN for a predicted box of side 0 and a"
            + " ground truth of side 0.5, shifted by 0 of it",
        "ONE_STAGE | Mul(Sub(NY,PY),X) | a positive's loss changes by 100 % of its largest change"
            + " where the answer is right, expected at most 50 %",
        "ONE_STAGE | Exp(X) | the loss does not read Q, PY, NY, any of which would do: it ignores"
            + " the label",
        "TWO_STAGE | Dot(Y,Z) | the loss does not read X: it ignores the prediction",
        "REGRESSION | Neg(I) | the loss does not read U, E, any of which would do: it ignores how"
            + " large they are",
        "REGRESSION | U | the loss does not read I: it ignores whether boxes meet",
        "ONE_STAGE | Add(Add(Mul(PY,Softplus(Neg(X))),Mul(NY,Softplus(X))),"
            + "Mul(Mul(20,Mul(Q,Sub(PY,Q))),Cos(X))) | a positive's loss at overlap 0.5 has more"
            + " than one minimum between the logits -8 and 8",
        "ONE_STAGE | Mul(PY,Sqrt(X)) | the value is NaN for a positive with logit -8 and overlap 1E-7",
      })
  void reasonsNameThePointsAndTheNumbers(Branch branch, String text, String reason) {
    assertEquals(reason, assertInstanceOf(Verdict.Rejected.class, judge(text, branch)).reason());
  }

  @Test
  void anyTreeGetsAVerdict() {
    for (long seed = 0; seed < 300; seed++) {
      for (Branch branch : Branch.values()) {
        Expression tree = new RandomTrees(branch, seed).next(6);
        Verdict verdict = gates.judge(tree, branch);
        assertEquals(verdict, gates.judge(tree, branch), "seed " + seed + ": " + tree);
        if (verdict instanceof Verdict.Rejected(var _, var reason)) {
          assertEquals(1, reason.lines().count(), "seed " + seed + ": " + tree);
        }
      }
    }
  }

  @Test
  void drawnBoxPairsSpreadOverTheOverlaps() {
    // The closed form of IoU orders itself; a loss of the enclosing box alone must do worse.
    var check = new DistanceCheck();
    assertEquals(
        1, concordance(check, ExpressionParser.parse("Sub(1,Div(I,U))", Branch.REGRESSION)));
    assertEquals(0, concordance(check, ExpressionParser.parse("Div(I,U)", Branch.REGRESSION)));
    assertEquals(0.5, concordance(check, ExpressionParser.parse("E", Branch.REGRESSION)), 0.1);
  }

  private static double concordance(DistanceCheck check, Expression loss) {
    return check.concordance(Program.of(loss, Branch.REGRESSION), new Registers(), 1);
  }

  /** In words or without, alone or after others: the same gate; and the negative is found. */
  @ParameterizedTest
  @EnumSource(Branch.class)
  void anExaminerRulesAsTheGatesDo(Branch branch) {
    Examiner examiner = gates.examiner(branch);
    var trees = new RandomTrees(branch, 5, 1, 2, 3);
    int flipped = 0;
    for (int i = 0; i < 3000; i++) {
      Expression tree = trees.next(2 + i % 4);
      Examiner.Ruling ruling = examiner.rule(tree);
      Expression judged = ruling.flipped() ? new Expression.Unary(UnaryOperator.NEG, tree) : tree;
      flipped += ruling.flipped() ? 1 : 0;
      Verdict verdict = gates.judge(judged, branch);
      if (ruling.failed().isEmpty()) {
        assertEquals(new Verdict.Accepted(), verdict, "seed 5: " + judged);
      } else {
        Gate gate = assertInstanceOf(Verdict.Rejected.class, verdict, "seed 5: " + tree).gate();
        assertEquals(ruling.failed().get(), gate, "seed 5: " + tree);
      }
    }
    assertTrue(flipped > 0, branch + ": no negative passed");
  }

  @ParameterizedTest
  @EnumSource(
      value = CatalogueLoss.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"L1", "SMOOTH_L1", "DIOU", "CIOU"})
  void theNegativeOfANamedLossIsTurnedRound(CatalogueLoss loss) {
    Expression negative = new Expression.Unary(UnaryOperator.NEG, loss.expression().orElseThrow());
    Examiner examiner = gates.examiner(loss.branch());
    assertEquals(new Examiner.Ruling(Optional.empty(), true), examiner.rule(negative));
    var rejected = assertInstanceOf(Verdict.Rejected.class, examiner.judge(negative));
    assertTrue(rejected.reason().endsWith("; its negative goes in the right direction"));
  }

  @Test
  void theNegativeOfANegativeIsTheLoss() {
    Expression loss = ExpressionParser.parse("Sub(1,Div(I,U))", Branch.REGRESSION);
    assertEquals("Neg(Sub(1,Div(I,U)))", Examiner.negative(loss).toString());
    assertEquals(loss, Examiner.negative(Examiner.negative(loss)));
  }
}
