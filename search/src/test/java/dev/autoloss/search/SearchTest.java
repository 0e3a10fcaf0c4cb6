package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
  @Test
  void theFirstAdvanceProposesTheBaselineAndAFullFirstGeneration() {
    for (long seed = 0; seed < 20; seed++) {
      SearchSpec spec = Searches.spec(seed, 2, 8, 1);
      SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
      assertEquals(1, state.generation());
      assertEquals(9, state.candidates().size(), "seed " + seed);
      assertEquals(LossPair.DEFAULT, state.candidate(new CandidateId(0, 0)).losses());
      assertEquals(Origin.INITIAL, state.candidate(new CandidateId(1, 0)).origin());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Branch.class,
      names = {"ONE_STAGE", "TWO_STAGE"})
  void everyCandidateIsNewInTheSpaceAndPassesTheGates(Branch branch) {
    SearchSpec spec = Searches.spec(11, branch, EnumSet.allOf(Target.class), 4, 8, 1);
    SearchState state = Searches.run(spec, Searches::scored);
    assertTrue(state.complete(spec));
    Set<LossPair> pairs =
        state.candidates().values().stream().map(Candidate::losses).collect(Collectors.toSet());
    assertEquals(state.candidates().size(), pairs.size(), "all different");
    for (Candidate candidate : state.candidates().tailMap(new CandidateId(1, 0)).values()) {
      for (Target target : Target.values()) {
        Expression loss = candidate.losses().of(target).orElseThrow();
        assertTrue(spec.space().admits(loss), loss::toString);
        assertEquals(new Verdict.Accepted(), Gates.published().judge(loss, spec.branch(target)));
      }
      assertTrue(
          candidate.parents().stream()
              .allMatch(parent -> parent.generation() < candidate.id().generation()));
    }
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void aBranchThatIsNotSearchedKeepsItsDefault(Target searched) {
    SearchSpec spec = Searches.spec(5, Branch.ONE_STAGE, EnumSet.of(searched), 2, 4, 1);
    SearchState state = Searches.run(spec, Searches::scored);
    Target other = searched == Target.REGRESSION ? Target.CLASSIFICATION : Target.REGRESSION;
    for (Candidate candidate : state.candidates().tailMap(new CandidateId(1, 0)).values()) {
      assertEquals(Optional.empty(), candidate.losses().of(other));
      assertTrue(candidate.losses().of(searched).isPresent());
    }
  }

  @Test
  void funnelCountsAddUp() {
    SearchState state = Searches.run(Searches.spec(2, 3, 6, 1), Searches::scored);
    state
        .funnels()
        .tailMap(1)
        .forEach(
            (generation, funnel) ->
                assertEquals(
                    funnel.generated(),
                    funnel.duplicates()
                        + funnel.rejected().values().stream().mapToInt(count -> count).sum()
                        + funnel.accepted(),
                    "generation " + generation));
  }

  @Test
  void survivorsAreTheBestOfTheGenerationAndOfThoseBefore() {
    SearchSpec spec = Searches.spec(9, 3, 6, 2);
    SearchState state = Searches.run(spec, Searches::scored);
    for (int generation = 1; generation <= 3; generation++) {
      int newest = generation;
      List<CandidateId> best =
          state.ranking().stream()
              .filter(id -> id.generation() > 0 && id.generation() <= newest)
              .limit(2)
              .toList();
      assertEquals(best, state.survivors().get(generation));
    }
  }

  @Test
  void seedsDecideAndReplicatesShareTheirs() {
    SearchState one = Searches.run(Searches.spec(1, 2, 4, 2), Searches::scored);
    assertEquals(one, Searches.run(Searches.spec(1, 2, 4, 2), Searches::scored));
    assertNotEquals(one, Searches.run(Searches.spec(2, 2, 4, 2), Searches::scored));
    SearchSpec spec = Searches.spec(1, 2, 4, 2);
    List<Trial> trials =
        Search.advance(spec, SearchState.empty(), Map.of()).state().unfinished(spec);
    assertEquals(10, trials.size());
    assertEquals(
        2, trials.stream().map(Trial::seed).distinct().count(), "one seed for each replicate");
  }

  /** A made-up fitness that rewards one operator: breeding from the best must spread it. */
  @Test
  void selectionBeatsItsAbsence() {
    double selected = 0;
    double blind = 0;
    for (long seed = 0; seed < 20; seed++) {
      selected +=
          spread(seed, trial -> new TrialOutcome.Scored(Math.min(1, tanhs(trial.losses()) / 20)));
      blind += spread(seed, trial -> new TrialOutcome.Scored(0.5));
    }
    assertTrue(selected > 2 * blind, selected + " with selection, " + blind + " without");
  }

  private static double tanhs(LossPair losses) {
    return losses.toString().split("Tanh\\(", -1).length - 1;
  }

  private static double spread(long seed, Function<Trial, TrialOutcome> trainer) {
    SearchState state = Searches.run(Searches.spec(seed, 6, 6, 1), trainer);
    return state.generation(6).stream()
        .mapToDouble(candidate -> tanhs(candidate.losses()))
        .average()
        .orElseThrow();
  }

  @Test
  void aGenerationWithoutAnyScoreFailsTheSearch() {
    SearchState state =
        Searches.run(Searches.spec(4, 2, 4, 1), trial -> new TrialOutcome.Diverged());
    assertEquals(FailureReason.NOTHING_TRAINED, state.failure().orElseThrow().reason());
  }

  @Test
  void moreLostTrialsThanAreBorneFailTheSearch() {
    SearchState state =
        Searches.run(
            Searches.spec(4, 2, 4, 1),
            trial ->
                trial.id().candidate().slot() < 2 && trial.id().candidate().generation() == 1
                    ? new TrialOutcome.Lost("evicted")
                    : Searches.scored(trial));
    assertEquals(FailureReason.TOO_MANY_LOST, state.failure().orElseThrow().reason());
    SearchSpec spec = Searches.spec(4, 2, 4, 1);
    SearchState borne =
        Searches.run(
            spec,
            trial ->
                trial.id().candidate().equals(new CandidateId(1, 0))
                    ? new TrialOutcome.Lost("evicted")
                    : Searches.scored(trial));
    assertTrue(borne.complete(spec));
    assertTrue(
        borne.candidates().values().stream()
            .noneMatch(candidate -> candidate.parents().contains(new CandidateId(1, 0))),
        "a lost one is not bred from");
  }

  @Test
  void aSpaceWithoutLossesIsSaidToBeExhausted() {
    SearchSpec spec = Searches.spec(1, 2, 4, 1);
    var narrow =
        new SearchSpace(
            EnumSet.of(Target.REGRESSION),
            EnumSet.of(dev.autoloss.loss.expression.UnaryOperator.SIN),
            EnumSet.of(dev.autoloss.loss.expression.BinaryOperator.ADD),
            List.of(1.0),
            3,
            2);
    var exhausted =
        new SearchSpec(
            1,
            spec.classification(),
            narrow,
            new Evolution(2, 200, 4, 2, 1, Searches.RATES, List.of()),
            new Trials(0));
    SearchState state = Search.advance(exhausted, SearchState.empty(), Map.of()).state();
    assertEquals(FailureReason.SPACE_EXHAUSTED, state.failure().orElseThrow().reason());
  }

  @Test
  void replicatesThatFailTakeTheFitness() {
    SearchSpec spec = Searches.spec(6, 1, 4, 2);
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    var candidate = new CandidateId(1, 0);
    state =
        state.applyAll(
            List.of(
                new SearchEvent.Recorded(
                    new TrialId(candidate, 0), new TrialOutcome.Scored(0.25))));
    assertEquals(0.25, state.fitness(candidate).orElseThrow());
    SearchState mean =
        state.apply(
            new SearchEvent.Recorded(new TrialId(candidate, 1), new TrialOutcome.Scored(0.75)));
    assertEquals(0.5, mean.fitness(candidate).orElseThrow());
    SearchState diverged =
        state.apply(
            new SearchEvent.Recorded(new TrialId(candidate, 1), new TrialOutcome.Diverged()));
    assertTrue(diverged.fitness(candidate).isEmpty());
    SearchState lost =
        state.apply(
            new SearchEvent.Recorded(new TrialId(candidate, 1), new TrialOutcome.Lost("node")));
    assertEquals(0.25, lost.fitness(candidate).orElseThrow());
  }

  @Test
  void wrongNumbersAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> new TrialOutcome.Scored(Double.NaN));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Evolution(2, 3, 4, 2, 1, Searches.RATES, List.of()));
    assertEquals(
        "evolution.candidates: expected at least evolution.trained, which is 4, found 3",
        wrong.getMessage());
    assertEquals(
        new TrialId(new CandidateId(12, 3), 4), TrialId.parse("g12-c3-p4"), "names are read back");
    for (String bad : List.of("g1-c", "g01-c3-p0", "g1-c3", "g1-c3-p", "x")) {
      assertThrows(IllegalArgumentException.class, () -> TrialId.parse(bad), bad);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.autoloss.(*)..")
        .should()
        .beFreeOfCycles()
        .check(new ClassFileImporter().importPackages("dev.autoloss"));
  }
}
