package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveTest {
  private static SearchSpec spec(long seed, double archive) {
    return Searches.with(
        Searches.spec(seed, Branch.ONE_STAGE, EnumSet.of(Target.CLASSIFICATION), 4, 12, 1),
        Searches.breeding(StrategyKind.GENERATIONAL, 1, archive));
  }

  /** Shapes from the closed forms: see each loss's slope over x, or over the shift of a box. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // Slopes σ(∓2): 0.88 of the wrong, 0.12 of the right.
        "ONE_STAGE; Add(Mul(PY,Softplus(Neg(X))),Mul(NY,Softplus(X))); EVEN",
        "TWO_STAGE; Neg(Dot(Y,Log(Softmax(X)))); EVEN",
        // Linear, and σ itself: both pull alike.
        "ONE_STAGE; Sub(Mul(NY,X),Mul(PY,X)); REFINING",
        "TWO_STAGE; Neg(Dot(Y,Softmax(X))); REFINING",
        "ONE_STAGE; Sub(Mul(NY,Sig(X)),Mul(PY,Sig(X))); REFINING",
        // Focal loss, .99.
        "ONE_STAGE; Add(Mul(PY,Mul(Mul(Sig(Neg(X)),Sig(Neg(X))),Softplus(Neg(X)))),Mul(NY,Mul(Mul(Sig(X),Sig(X)),Softplus(X)))); CORRECTING",
        // exp(∓x): e² and e⁻².
        "ONE_STAGE; Add(Mul(PY,Exp(Neg(X))),Mul(NY,Exp(X))); CORRECTING",
        "ONE_STAGE; Add(Mul(PY,Neg(Exp(X))),Mul(NY,Neg(Exp(Neg(X))))); REFINING",
        // Slopes of −i/u over the shift s: 2/(1 + s)², 1.81 near and 0.89 far.
        "REGRESSION; Sub(1,Div(I,U)); EVEN",
        // 3(i/u)² of these: 1.81·2.46 and 0.89·0.33.
        "REGRESSION; Sub(1,Mul(Div(I,U),Mul(Div(I,U),Div(I,U)))); REFINING",
        // u/i of these: 1.81·1.1 and 0.89·3.
        "REGRESSION; Neg(Log(Div(I,U))); CORRECTING"
      })
  void shapesAreThoseOfTheSlopes(Branch branch, String loss, GradientShape shape) {
    assertEquals(shape, GradientShape.of(ExpressionParser.parse(loss, branch), branch));
  }

  private static GradientShape shape(SearchState state, CandidateId id) {
    return GradientShape.of(
        state.candidate(id).losses().classification().orElseThrow(), Branch.ONE_STAGE);
  }

  /** Losses that correct score best here, so that truncation keeps nothing else. */
  private static TrialOutcome correcting(Trial trial) {
    double chance = ((TrialOutcome.Scored) Searches.scored(trial)).ap();
    boolean corrects =
        trial.losses().classification().isPresent()
            && GradientShape.of(trial.losses().classification().orElseThrow(), Branch.ONE_STAGE)
                == GradientShape.CORRECTING;
    return new TrialOutcome.Scored((corrects ? 0.5 : 0) + chance / 2);
  }

  @Test
  void nichesThatTruncationLosesStayAliveInTheArchive() {
    int kept = 0;
    for (long seed = 0; seed < 10; seed++) {
      SearchSpec spec = spec(seed, 0.5);
      SearchState state = Searches.run(spec, ArchiveTest::correcting);
      assertEquals(
          Set.of(GradientShape.CORRECTING),
          state.survivors(3).stream().map(id -> shape(state, id)).collect(Collectors.toSet()));
      NavigableMap<Archive.Cell, CandidateId> archive = Archive.of(spec, state, 3);
      Set<GradientShape> shapes =
          archive.values().stream().map(id -> shape(state, id)).collect(Collectors.toSet());
      assertTrue(shapes.size() > 1, "seed " + seed + ": " + archive);
      kept +=
          (int)
              state.generation(4).stream()
                  .flatMap(child -> child.parents().stream())
                  .filter(parent -> shape(state, parent) != GradientShape.CORRECTING)
                  .count();
      SearchState without = Searches.run(spec(seed, 0), ArchiveTest::correcting);
      assertTrue(
          without.generation(4).stream()
              .flatMap(child -> child.parents().stream())
              .allMatch(parent -> shape(without, parent) == GradientShape.CORRECTING));
    }
    assertTrue(kept > 10, kept + " parents of other kinds");
  }

  /** Brute force: of each cell the first of the ranking, from generations that are asked for. */
  @Test
  void ofEachKindTheBestIsKept() {
    SearchSpec spec = spec(7, 0.5);
    SearchState state = Searches.run(spec, Searches::scored);
    for (int generation = 0; generation <= 4; generation++) {
      NavigableMap<Archive.Cell, CandidateId> archive = Archive.of(spec, state, generation);
      int newest = generation;
      List<CandidateId> known =
          state.ranking().stream()
              .filter(id -> id.generation() > 0 && id.generation() <= newest)
              .toList();
      for (CandidateId id : known) {
        CandidateId best = archive.get(Archive.cell(spec, state.candidate(id).losses()));
        assertTrue(known.indexOf(best) <= known.indexOf(id), id + " is better than " + best);
      }
      assertTrue(known.containsAll(archive.values()));
      assertEquals(known.isEmpty(), archive.isEmpty());
    }
  }

  @Test
  void sizesAreApart() {
    SearchSpec spec = spec(7, 0.5);
    Expression longer = new Expression.Input(Variable.X);
    var cells = new TreeSet<Archive.Cell>();
    for (int i = 0; i < 50; i++) {
      cells.add(Archive.cell(spec, LossPair.DEFAULT.with(Target.CLASSIFICATION, longer)));
      longer = new Expression.Unary(UnaryOperator.NEG, longer);
    }
    assertEquals(4, cells.stream().map(Archive.Cell::size).distinct().count());
    assertNotEquals(cells.first(), cells.last());
  }
}
