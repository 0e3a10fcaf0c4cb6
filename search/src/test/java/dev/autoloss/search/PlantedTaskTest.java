package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The task that strategies are compared on has the best pair that it says it has. */
class PlantedTaskTest {
  private static final LossPair HIDDEN =
      new LossPair(
          CatalogueLoss.CSE_A_CLASSIFICATION.expression(),
          CatalogueLoss.CSE_A_REGRESSION.expression());

  private final PlantedTask task = PlantedTask.twoStage(1);

  private static LossPair classification(String text) {
    Expression loss = ExpressionParser.parse(text, Branch.TWO_STAGE);
    return new LossPair(Optional.of(loss), CatalogueLoss.CSE_A_REGRESSION.expression());
  }

  @Test
  void hiddenPairIsTheBest() {
    assertEquals(0.38, task.truth(HIDDEN).orElseThrow(), 1e-12);
    List<LossPair> others = new ArrayList<>(List.of(LossPair.DEFAULT));
    for (CatalogueLoss cls : CatalogueLoss.of(Branch.TWO_STAGE)) {
      for (CatalogueLoss reg : CatalogueLoss.of(Branch.REGRESSION)) {
        if (reg.expression().isPresent()) {
          others.add(new LossPair(cls.expression(), reg.expression()));
        }
      }
    }
    for (LossPair other : others) {
      double truth = task.truth(other).orElseThrow();
      assertTrue(
          truth > 0.25 && (other.equals(HIDDEN) || truth < 0.3799), () -> other + " " + truth);
    }
    assertEquals(task.truth(LossPair.DEFAULT).orElseThrow(), task.reference(0));
    assertEquals(0.38, task.reference(1), 1e-12);
  }

  @Test
  void losesForStandingStillMovingAwayAndLeavingTheNumbers() {
    assertEquals(0.19, task.truth(classification("3")).orElseThrow(), 1e-12);
    assertEquals(0, task.truth(classification("Dot(Y,Log(Softmax(X)))")).orElseThrow());
    assertEquals(OptionalDouble.empty(), task.truth(classification("Sqrt(X)")));
  }

  @Test
  void scoresSpreadAsTheNoiseDoes() {
    OptionalDouble truth = OptionalDouble.of(0.36);
    double[] scores = new double[2000];
    for (int slot = 0; slot < scores.length; slot++) {
      var trial =
          new Trial(new TrialId(new CandidateId(1, slot), Stage.PROXY, 0), HIDDEN, Scaling.NONE, 7);
      TrialOutcome outcome = task.train(trial, truth, 1);
      assertEquals(outcome, task.train(trial, truth, 1));
      scores[slot] = assertInstanceOf(TrialOutcome.Scored.class, outcome).ap();
    }
    double mean = Arrays.stream(scores).average().orElseThrow();
    double variance =
        Arrays.stream(scores).map(ap -> (ap - mean) * (ap - mean)).average().orElseThrow();
    assertEquals(0.36, mean, 0.001);
    assertEquals(0.011, Math.sqrt(variance), 0.0006);
    var trial =
        new Trial(new TrialId(new CandidateId(1, 0), Stage.PROXY, 0), HIDDEN, Scaling.NONE, 7);
    assertEquals(new TrialOutcome.Diverged(), task.train(trial, OptionalDouble.empty(), 1));
  }
}
