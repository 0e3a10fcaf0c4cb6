package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final Calibration CALIBRATION =
      new Calibration(BoxCoding.DISTANCES, AreaUnits.NATIVE);

  private static Scaling of(Optional<Expression> classification, Optional<Expression> regression) {
    return CALIBRATION.of(new LossPair(classification, regression), Branch.ONE_STAGE);
  }

  private static Optional<Expression> regression(String text) {
    return Optional.of(ExpressionParser.parse(text, Branch.REGRESSION));
  }

  @Test
  void theStandardLossesWeighOneAndSoDoDefaults() {
    assertEquals(Scaling.NONE, of(Optional.empty(), Optional.empty()));
    Scaling standard = of(CatalogueLoss.FOCAL.expression(), CatalogueLoss.GIOU.expression());
    assertEquals(1, standard.classification(), 1e-12);
    assertEquals(1, standard.regression(), 1e-12);
  }

  /** A multiple of a loss gets the inverse of that multiple: they train alike. */
  @Test
  void multiplesOfALossAreMadeEqual() {
    double once = of(Optional.empty(), regression("Sub(1,Div(I,U))")).regression();
    double thrice = of(Optional.empty(), regression("Mul(3,Sub(1,Div(I,U)))")).regression();
    assertEquals(once / 3, thrice, 1e-9);
  }

  /** The published pair pulls about 2.5 times as hard as GIoU at a box that is off by a tenth. */
  @Test
  void aLossThatPullsHarderGetsASmallerWeight() {
    double weight = of(Optional.empty(), CatalogueLoss.CSE_B_REGRESSION.expression()).regression();
    assertTrue(weight > 1 / 3.5 && weight < 1 / 1.8, "weight " + weight);
  }

  @Test
  void aLossWithoutAGradientKeepsItsWeight() {
    assertEquals(1, of(Optional.empty(), regression("Div(I,I)")).regression());
  }

  @Test
  void weightsAreFixedWhenACandidateIsProposed() {
    var procedure =
        new Procedure(
            OptionalInt.empty(), 1, List.of(), Optional.empty(), 0, Optional.of(CALIBRATION));
    SearchSpec spec = Searches.with(Searches.spec(3, 1, 4, 1), procedure);
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    SearchState plain =
        Search.advance(Searches.spec(3, 1, 4, 1), SearchState.empty(), Map.of()).state();
    for (Candidate candidate : state.generation(1)) {
      assertEquals(plain.candidate(candidate.id()).losses(), candidate.losses());
      assertEquals(CALIBRATION.of(candidate.losses(), Branch.ONE_STAGE), candidate.scaling());
    }
    assertEquals(Scaling.NONE, state.candidate(new CandidateId(0, 0)).scaling());
    assertTrue(
        state.unfinished(spec).stream()
            .anyMatch(trial -> Math.abs(trial.scaling().regression() - 1) > 0.01));
  }
}
