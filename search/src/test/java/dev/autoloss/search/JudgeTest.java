package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.search.screening.Fingerprint;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {
  private static final SearchSpace ALL = Searches.space(EnumSet.allOf(Target.class));

  private static SearchSpace without(UnaryOperator operator) {
    var unary = EnumSet.complementOf(EnumSet.of(operator));
    return new SearchSpace(
        EnumSet.allOf(Target.class),
        unary,
        EnumSet.allOf(BinaryOperator.class),
        List.of(1.0),
        64,
        20);
  }

  @ParameterizedTest
  @EnumSource(CatalogueLoss.class)
  void namedLossesAreTurnedBackFromTheirNegative(CatalogueLoss named) {
    if (named.expression().isEmpty()) {
      return; // Built in: no tree to turn.
    }
    Expression loss = named.expression().get();
    var negative = new Expression.Unary(UnaryOperator.NEG, loss);
    var judge = new Judge(ALL, named.branch());
    assertEquals(new Judge.Judged(loss, Optional.empty()), judge.of(loss));
    Judge.Judged turned = judge.of(negative);
    assertEquals(new Judge.Judged(loss, Optional.empty()), turned);
    Expression shorter = judge.shortest(loss);
    assertTrue(shorter.size() <= loss.size());
    assertEquals(Fingerprint.of(loss, named.branch()), Fingerprint.of(shorter, named.branch()));
  }

  @Test
  void aNegativeThatIsNotInTheSpaceIsNotTaken() {
    Expression inverted = ExpressionParser.parse("Sub(Div(I,U),1)", Branch.REGRESSION);
    assertEquals(
        "Neg(Sub(Div(I,U),1))", new Judge(ALL, Branch.REGRESSION).of(inverted).loss().toString());
    Judge.Judged without = new Judge(without(UnaryOperator.NEG), Branch.REGRESSION).of(inverted);
    assertEquals(new Judge.Judged(inverted, Optional.of(Gate.DISTANCE_CONSISTENT)), without);
  }

  @Test
  void whatFailsBothWaysFailsAsItIs() {
    Expression blind = ExpressionParser.parse("Sin(Mul(X,3))", Branch.ONE_STAGE);
    Judge.Judged judged = new Judge(ALL, Branch.ONE_STAGE).of(blind);
    assertEquals(blind, judged.loss());
    assertTrue(judged.failed().isPresent());
  }

  /**
   * The published box loss B has 39 nodes; a space without what its short form needs keeps them.
   */
  @Test
  void theShorterSpellingIsTakenOnlyInsideTheSpace() {
    Expression long39 = CatalogueLoss.CSE_B_REGRESSION.expression().orElseThrow();
    Expression shorter = new Judge(ALL, Branch.REGRESSION).shortest(long39);
    assertTrue(shorter.size() <= 24, shorter::toString);
    var narrow =
        new SearchSpace(
            EnumSet.of(Target.REGRESSION),
            EnumSet.of(UnaryOperator.NEG),
            EnumSet.of(BinaryOperator.ADD, BinaryOperator.DIV),
            List.of(1.0),
            64,
            20);
    Expression kept = new Judge(narrow, Branch.REGRESSION).shortest(long39);
    assertTrue(narrow.admits(kept), kept::toString);
    assertEquals(narrow.admits(shorter) ? shorter : long39, kept);
  }

  /** The same loss twice, written in two ways, is trained once, as the document writes it. */
  @Test
  void twoSpellingsOfOneLossAreOneCandidate() {
    SearchSpec usual = Searches.spec(1, Branch.ONE_STAGE, EnumSet.of(Target.REGRESSION), 1, 4, 1);
    LossPair one =
        LossPair.DEFAULT.with(Target.REGRESSION, regression("Add(Div(E,E),Neg(Div(I,U)))"));
    LossPair same = LossPair.DEFAULT.with(Target.REGRESSION, regression("Sub(1,Div(I,U))"));
    Evolution evolution = usual.evolution();
    var spec =
        new SearchSpec(
            1,
            usual.classification(),
            usual.space(),
            new Evolution(
                1, 3000, 4, 2, 1, evolution.rates(), List.of(one, same), Breeding.published()),
            usual.trials());
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    assertEquals(one, state.candidate(new CandidateId(1, 0)).losses());
    assertTrue(state.candidates().values().stream().noneMatch(c -> c.losses().equals(same)));
    assertTrue(state.funnel(1).orElseThrow().duplicates() > 0);
  }

  private static Expression regression(String text) {
    return ExpressionParser.parse(text, Branch.REGRESSION);
  }
}
