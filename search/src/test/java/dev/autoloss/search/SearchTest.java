package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  @Test
  void theFirstAdvanceProposesTheBaselineAndTheFirstGeneration() {
    SearchSpec spec = Searches.spec(1, 2, 8, 1);
    Advance advance = Search.advance(spec, SearchState.empty(), Map.of());
    assertEquals(2, advance.events().size());
    SearchState state = advance.state();
    assertEquals(1, state.generation());
    assertEquals(9, state.candidates().size());
    assertEquals(Optional.of(new CandidateId(0, 0)), state.baseline());
    Candidate baseline = state.candidate(new CandidateId(0, 0));
    assertEquals(Origin.BASELINE, baseline.origin());
    assertEquals(LossPair.DEFAULT, baseline.losses());
    assertEquals(Origin.INITIAL, state.candidate(new CandidateId(1, 0)).origin());
  }

  /** Whatever the seed, a few hundred pairs are enough for the gates to leave a full population. */
  @ParameterizedTest
  @CsvSource({"ONE_STAGE,true", "ONE_STAGE,false", "TWO_STAGE,true", "TWO_STAGE,false"})
  void theFirstGenerationIsFull(Branch branch, boolean withInitial) {
    for (long seed = 0; seed < 25; seed++) {
      SearchSpec usual = Searches.spec(seed, branch, EnumSet.allOf(Target.class), 2, 8, 1);
      List<LossPair> initial = withInitial ? usual.evolution().initial() : List.of();
      var evolution = new Evolution(2, 500, 8, 2, 1, Searches.RATES, initial, Breeding.published());
      var spec = new SearchSpec(seed, branch, usual.space(), evolution, new Trials(0));
      SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
      Funnel funnel = state.funnel(1).orElseThrow();
      assertEquals(8, state.generation(1).size(), "seed " + seed + ": " + funnel);
      assertEquals(8, funnel.trained());
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

  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void aProposalDoesNotDependOnTheProcessors(StrategyKind strategy) throws Exception {
    SearchSpec spec = Searches.with(Searches.spec(9, 3, 30, 1), Searches.breeding(strategy, 1, 0));
    SearchState state = Searches.run(spec, Searches::scored);
    for (int generation = 1; generation <= 3; generation++) {
      SearchState before = state.asOf(generation - 1);
      for (int processors : List.of(1, 7)) {
        int proposed = generation;
        try (var pool = new ForkJoinPool(processors)) {
          SearchEvent.Proposed again =
              pool.submit(() -> new Proposal(spec, before, proposed).propose()).get();
          assertEquals(state.generation(generation), again.candidates());
          assertEquals(state.funnel(generation).orElseThrow(), again.funnel());
        }
      }
    }
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

  @Test
  void aSearchWithoutAnyScoreFails() {
    SearchState state =
        Searches.run(Searches.spec(4, 2, 4, 1), trial -> new TrialOutcome.Diverged());
    assertEquals(FailureReason.NOTHING_TRAINED, state.failure().orElseThrow().reason());
    assertEquals(List.of(), state.ranking());
  }

  @Test
  void aGenerationThatLeavesNothingIsFollowedByANewFirstOne() {
    SearchSpec spec = Searches.spec(4, 3, 4, 1);
    SearchState state =
        Searches.run(
            spec,
            trial ->
                trial.id().candidate().generation() == 1
                    ? new TrialOutcome.Rejected()
                    : Searches.scored(trial));
    assertTrue(state.complete(spec), state.failure().toString());
    assertEquals(List.of(), state.survivors(1));
    assertEquals(4, state.generation(2).size());
    assertTrue(state.generation(2).stream().allMatch(one -> one.parents().isEmpty()));
    assertEquals(2, state.survivors(2).size());
    assertTrue(
        state.generation(3).stream()
            .allMatch(one -> state.survivors(2).containsAll(one.parents())));
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

  static SearchSpace narrow(Set<Target> targets, int nodes) {
    return new SearchSpace(
        targets,
        EnumSet.of(UnaryOperator.SIN),
        EnumSet.of(BinaryOperator.SUB, BinaryOperator.DIV),
        List.of(1.0),
        nodes,
        4);
  }

  @Test
  void aSpaceWithoutLossesIsSaidToBeExhausted() {
    for (Branch branch : List.of(Branch.ONE_STAGE, Branch.TWO_STAGE)) {
      var spec =
          new SearchSpec(
              1,
              branch,
              narrow(EnumSet.of(Target.CLASSIFICATION), 3),
              new Evolution(2, 5000, 4, 2, 1, Searches.RATES, List.of(), Breeding.published()),
              new Trials(0));
      SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
      SearchEvent.Failed failure = state.failure().orElseThrow();
      assertEquals(FailureReason.SPACE_EXHAUSTED, failure.reason());
      assertTrue(failure.message().startsWith("none of 5000 losses"), failure.message());
    }
  }

  /** Spaces of one or two operators, in which no loss or next to none can be made. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Neg", "Sub", "Abs Neg", "Softmax", "Dot", "Exp Exp", "Div", "Sqrt Mul", "Sin"})
  void hostileSpacesEndAfterTheStatedNumberOfLosses(String operators) {
    for (StrategyKind kind :
        List.of(StrategyKind.GENERATIONAL, StrategyKind.AGING, StrategyKind.RANDOM_SEARCH)) {
      Set<UnaryOperator> unary = EnumSet.noneOf(UnaryOperator.class);
      Set<BinaryOperator> binary = EnumSet.noneOf(BinaryOperator.class);
      for (String name : operators.split(" ", -1)) {
        Stream.of(UnaryOperator.values()).filter(o -> o.symbol().equals(name)).forEach(unary::add);
        Stream.of(BinaryOperator.values())
            .filter(o -> o.symbol().equals(name))
            .forEach(binary::add);
      }
      var space =
          new SearchSpace(EnumSet.of(Target.CLASSIFICATION), unary, binary, List.of(1.0), 40, 10);
      var spec =
          new SearchSpec(
              7,
              Branch.TWO_STAGE,
              space,
              new Evolution(
                  4, 2000, 4, 2, 1, Searches.RATES, List.of(), Searches.breeding(kind, 1, 0.2)),
              new Trials(0));
      SearchState state =
          assertTimeoutPreemptively(
              Duration.ofSeconds(60), () -> Searches.run(spec, Searches::scored));
      SearchEvent.Failed failure = state.failure().orElseThrow();
      assertEquals(FailureReason.SPACE_EXHAUSTED, failure.reason());
      assertTrue(failure.message().startsWith("none of 2000 losses"), failure.message());
      for (Candidate candidate : state.candidates().tailMap(new CandidateId(1, 0)).values()) {
        assertTrue(space.admits(candidate.losses().classification().orElseThrow()));
      }
    }
  }

  /** A space that a generation or two use up: fewer are trained, then the search says so. */
  @Test
  void aSmallSpaceTrainsWhatItHasAndEnds() {
    var spec =
        new SearchSpec(
            1,
            Branch.ONE_STAGE,
            narrow(EnumSet.of(Target.REGRESSION), 5),
            new Evolution(9, 3000, 50, 9, 1, Searches.RATES, List.of(), Breeding.published()),
            new Trials(0));
    SearchState state = Searches.run(spec, Searches::scored);
    int trained = state.generation(1).size();
    assertTrue(trained > 0 && trained < 50, trained + " trained");
    assertEquals(FailureReason.SPACE_EXHAUSTED, state.failure().orElseThrow().reason());
    for (Candidate candidate : state.candidates().tailMap(new CandidateId(1, 0)).values()) {
      assertTrue(spec.space().admits(candidate.losses().regression().orElseThrow()));
    }
  }

  @Test
  void initialLossesOutsideTheSpaceAreLeftOut() {
    SearchSpec usual = Searches.spec(1, 1, 4, 1);
    SearchSpace all = usual.space();
    var small = new SearchSpace(all.branches(), all.unary(), all.binary(), all.constants(), 24, 10);
    var spec = new SearchSpec(1, usual.classification(), small, usual.evolution(), usual.trials());
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    assertEquals(
        25,
        Searches.spec(1, 1, 4, 1)
            .evolution()
            .initial()
            .getFirst()
            .classification()
            .orElseThrow()
            .size());
    assertTrue(
        state.candidates().values().stream().noneMatch(one -> one.origin() == Origin.INITIAL));
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
                    TrialId.proxy(candidate, 0), new TrialOutcome.Scored(0.25))));
    assertEquals(0.25, state.fitness(candidate).orElseThrow());
    SearchState mean =
        state.apply(
            new SearchEvent.Recorded(TrialId.proxy(candidate, 1), new TrialOutcome.Scored(0.75)));
    assertEquals(0.5, mean.fitness(candidate).orElseThrow());
    SearchState diverged =
        state.apply(
            new SearchEvent.Recorded(TrialId.proxy(candidate, 1), new TrialOutcome.Diverged()));
    assertTrue(diverged.fitness(candidate).isEmpty());
    SearchState lost =
        state.apply(
            new SearchEvent.Recorded(TrialId.proxy(candidate, 1), new TrialOutcome.Lost("node")));
    assertEquals(0.25, lost.fitness(candidate).orElseThrow());
  }

  @Test
  void wrongNumbersAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> new TrialOutcome.Scored(Double.NaN));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Evolution(2, 3, 4, 2, 1, Searches.RATES, List.of(), Breeding.published()));
    assertEquals(
        "evolution.candidates: expected at least evolution.trained, which is 4, found 3",
        wrong.getMessage());
    assertEquals(
        TrialId.proxy(new CandidateId(12, 3), 4),
        TrialId.parse("g12-c3-p4"),
        "names are read back");
    for (String bad : List.of("g1-c", "g01-c3-p0", "g1-c3", "g1-c3-p", "x")) {
      assertThrows(IllegalArgumentException.class, () -> TrialId.parse(bad), bad);
    }
  }

  @Test
  void specsThatCannotBeSearchedAreNamed() {
    SearchSpec usual = Searches.spec(1, 1, 4, 1);
    assertMessage(
        "classification: expected a branch of class scores",
        () ->
            new SearchSpec(1, Branch.REGRESSION, usual.space(), usual.evolution(), usual.trials()));
    assertMessage(
        "space.operators: expected at least one for the regression branch",
        () ->
            Vocabulary.check(operators(UnaryOperator.SERF, BinaryOperator.DOT), Branch.REGRESSION));
    LossPair swapped =
        new LossPair(CatalogueLoss.GIOU.expression(), CatalogueLoss.FOCAL.expression());
    assertMessage(
        "evolution.initial[0].classification: expected a loss of the one-stage branch, found I",
        () -> searched(usual.space().unary(), List.of(swapped)));
    LossPair curve =
        new LossPair(
            Optional.empty(),
            Optional.of(
                new Expression.Unary(
                    UnaryOperator.SERF, CatalogueLoss.GIOU.expression().orElseThrow())));
    assertMessage(
        "evolution.initial[1].regression: expected a loss of the regression branch, found Serf",
        () -> searched(usual.space().unary(), List.of(LossPair.DEFAULT, curve)));
    assertMessage(
        "space.maxNodes: expected 3 to 512, found 513",
        () ->
            new SearchSpace(
                usual.space().branches(),
                usual.space().unary(),
                usual.space().binary(),
                List.of(1.0),
                513,
                9));
    assertMessage("trials.maxFailed: expected at least 0, found -1", () -> new Trials(-1));
    assertMessage(
        "evolution.rates: expected at least one above 0",
        () -> new VariationRates(0, 0, 0, 0, 0, 0, 0));
  }

  private static SearchSpace operators(UnaryOperator one, BinaryOperator two) {
    return new SearchSpace(
        EnumSet.allOf(Target.class), EnumSet.of(one), EnumSet.of(two), List.of(1.0), 40, 10);
  }

  private static SearchSpec searched(Set<UnaryOperator> unary, List<LossPair> initial) {
    SearchSpec usual = Searches.spec(1, 1, 4, 1);
    return new SearchSpec(
        1,
        Branch.ONE_STAGE,
        new SearchSpace(
            usual.space().branches(), unary, usual.space().binary(), List.of(1.0), 40, 10),
        new Evolution(1, 10, 4, 2, 1, Searches.RATES, initial, Breeding.published()),
        usual.trials());
  }

  private static void assertMessage(String expected, Executable made) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, made).getMessage());
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
