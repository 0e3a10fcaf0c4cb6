package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrategyTest {
  private static SearchSpec spec(long seed, int generations, Breeding breeding) {
    return Searches.with(Searches.spec(seed, generations, 6, 1), breeding);
  }

  private static List<Candidate> evolved(SearchState state) {
    return List.copyOf(state.candidates().tailMap(new CandidateId(1, 0)).values());
  }

  /** Six live: whoever is not among the six youngest is no parent any more, the best included. */
  @Test
  void theOldDieHoweverGoodTheyWere() {
    SearchSpec spec = spec(3, 5, Searches.breeding(StrategyKind.AGING, 1, 0));
    var best = new CandidateId(1, 2);
    SearchState state =
        Searches.run(
            spec,
            trial ->
                trial.id().candidate().equals(best)
                    ? new TrialOutcome.Scored(1)
                    : Searches.scored(trial));
    assertEquals(best, state.ranking().getFirst());
    for (int generation = 1; generation <= 5; generation++) {
      int newest = generation;
      List<CandidateId> youngest =
          evolved(state).stream()
              .map(Candidate::id)
              .filter(id -> id.generation() <= newest)
              .sorted(Comparator.reverseOrder())
              .limit(6)
              .toList();
      assertEquals(
          youngest,
          state.survivors(generation).stream().sorted(Comparator.reverseOrder()).toList());
      assertEquals(state.ranked(candidates(state, youngest)), state.survivors(generation));
    }
    for (Candidate child : state.candidates().tailMap(new CandidateId(2, 0)).values()) {
      assertTrue(
          state.survivors(child.id().generation() - 1).containsAll(child.parents()),
          child + " has dead parents");
    }
    assertTrue(state.survivors(1).contains(best) && !state.survivors(2).contains(best));
  }

  private static List<Candidate> candidates(SearchState state, List<CandidateId> ids) {
    return ids.stream().map(state::candidate).toList();
  }

  /** A quarter of twenty meet: the best one becomes a parent in 1 − 0.95⁵ = 22.6 % of the cases. */
  @Test
  void tournamentsAmongTheLivingHaveAQuarterOfThem() {
    var breeding =
        new Breeding(
            StrategyKind.AGING,
            1,
            BranchesPerGeneration.JOINT,
            0,
            20,
            Seeding.CATALOGUE,
            List.of());
    SearchSpec spec = spec(8, 5, breeding);
    SearchState state = Searches.run(spec, Searches::scored);
    assertEquals(20, state.survivors(4).size());
    var breeder = new Breeder(spec, state, 5);
    int best = 0;
    int draws = 4000;
    for (int attempt = 0; attempt < draws; attempt++) {
      Child child = breeder.child(attempt);
      best += child.parents().getFirst().equals(state.survivors(4).getFirst()) ? 1 : 0;
    }
    assertEquals(0.226, best / (double) draws, 0.03);
  }

  @Test
  void randomSearchIsBlindToScores() {
    SearchSpec spec = spec(5, 4, Searches.breeding(StrategyKind.RANDOM_SEARCH, 1, 0));
    SearchState one = Searches.run(spec, Searches::scored);
    SearchState other = Searches.run(spec, _ -> new TrialOutcome.Scored(0.5));
    assertEquals(one.candidates(), other.candidates());
    assertTrue(one.complete(spec));
    assertTrue(
        evolved(one).stream()
            .allMatch(
                candidate ->
                    candidate.parents().isEmpty()
                        && (candidate.origin() == Origin.RANDOM
                            || candidate.id().generation() == 1)));
    SearchState evolution = Searches.run(spec(5, 4, Breeding.published()), Searches::scored);
    SearchState evolved =
        Searches.run(spec(5, 4, Breeding.published()), _ -> new TrialOutcome.Scored(0.5));
    assertNotEquals(evolution.candidates(), evolved.candidates());
  }

  @Test
  void vanillaEvolutionTrainsWhatTheGatesWouldReject() {
    SearchSpec spec = spec(2, 3, Searches.breeding(StrategyKind.VANILLA, 1, 0));
    SearchState state = Searches.run(spec, Searches::scored);
    long rejected =
        evolved(state).stream()
            .filter(
                candidate ->
                    !(Gates.published()
                            .judge(
                                candidate.losses().regression().orElseThrow(),
                                spec.branch(Target.REGRESSION))
                        instanceof Verdict.Accepted))
            .count();
    assertTrue(rejected > 0, "all passed");
    for (int generation = 1; generation <= 3; generation++) {
      Funnel funnel = state.funnel(generation).orElseThrow();
      assertEquals(Map.of(), funnel.rejected());
      assertTrue(funnel.generated() <= 2 * funnel.trained(), funnel.toString());
    }
    assertEquals(18, evolved(state).stream().map(Candidate::losses).distinct().count());
  }

  /** What is sealed too late for a generation changes nothing in it, and what is sealed does. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aGenerationKnowsWhatWasSealedBeforeItsLookAheadAndNoMore(int lookAhead) {
    SearchSpec spec = spec(4, 6, Searches.breeding(StrategyKind.AGING, lookAhead, 0.3));
    SearchState state = Searches.run(spec, Searches::scored);
    for (int changed = 1; changed <= 3; changed++) {
      int from = changed;
      SearchState other =
          Searches.run(
              spec,
              trial ->
                  trial.id().candidate().generation() < from
                      ? Searches.scored(trial)
                      : new TrialOutcome.Scored(
                          1 - ((TrialOutcome.Scored) Searches.scored(trial)).ap()));
      var first = new CandidateId(from + lookAhead, 0);
      assertEquals(state.candidates().headMap(first), other.candidates().headMap(first));
      assertNotEquals(
          state.generation(from + lookAhead), other.generation(from + lookAhead), "from " + from);
    }
    for (Candidate child : evolved(state)) {
      assertTrue(
          child.parents().stream()
              .allMatch(parent -> parent.generation() <= child.id().generation() - lookAhead),
          child::toString);
    }
  }

  /** W = look-ahead × trained: one generation in comes one generation out, in order. */
  @Test
  void lookAheadKeepsAsManyGenerationsInTraining() {
    SearchSpec spec = spec(4, 5, Searches.breeding(StrategyKind.AGING, 3, 0));
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    assertEquals(3, state.generation());
    assertEquals(1 + 3 * 6, state.unfinished(spec).size());
    state = finish(spec, state, id -> id.generation() == 3 || id.generation() == 0);
    assertEquals(3, state.generation(), "the first has not ended");
    assertEquals(1, state.survivors().size());
    state = finish(spec, state, id -> id.generation() == 1);
    assertEquals(4, state.generation());
    assertEquals(2, state.survivors().size());
    state = finish(spec, state, id -> id.generation() == 2);
    assertEquals(5, state.generation());
    assertEquals(4, state.survivors().size(), "the third had ended before");
    state = finish(spec, state, _ -> true);
    assertTrue(state.complete(spec));
  }

  private static SearchState finish(
      SearchSpec spec, SearchState state, Function<CandidateId, Boolean> which) {
    var results = new HashMap<>(Searches.results(spec, state, Searches::scored));
    results.keySet().removeIf(trial -> !which.apply(trial.candidate()));
    return Search.advance(spec, state, results).state();
  }

  @Test
  void aParentOfAGenerationThatIsNotSealedIsDamage() {
    SearchSpec spec = spec(4, 5, Searches.breeding(StrategyKind.AGING, 3, 0));
    SearchState start = Search.advance(spec, SearchState.empty(), Map.of()).state();
    Candidate child =
        new Candidate(
            new CandidateId(4, 0),
            Origin.INSERTION,
            List.of(new CandidateId(1, 0)),
            LossPair.DEFAULT);
    var event = new SearchEvent.Proposed(4, List.of(child), start.funnel(1).orElseThrow());
    assertThrows(IllegalStateException.class, () -> start.apply(event));
    SearchState sealed = finish(spec, start, id -> id.generation() < 2);
    assertTrue(sealed.survivors().containsKey(1));
  }

  @Test
  void generationalWaitsForEachGeneration() {
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> Searches.breeding(StrategyKind.GENERATIONAL, 2, 0));
    assertTrue(
        wrong.getMessage().startsWith("evolution.lookAhead: expected 1 "), wrong.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Searches.breeding(StrategyKind.AGING, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> Searches.breeding(StrategyKind.AGING, 1, 1.01));
  }

  @Test
  void alternatingVariesOneBranchAGeneration() {
    var breeding =
        new Breeding(
            StrategyKind.GENERATIONAL,
            1,
            BranchesPerGeneration.ALTERNATING,
            0,
            6,
            Seeding.INITIAL,
            List.of());
    SearchSpec spec = spec(6, 5, breeding);
    SearchState state = Searches.run(spec, Searches::scored);
    assertTrue(state.complete(spec));
    for (Candidate child : state.candidates().tailMap(new CandidateId(2, 0)).values()) {
      LossPair parent = state.candidate(child.parents().getFirst()).losses();
      boolean odd = child.id().generation() % 2 == 1;
      Target kept = odd ? Target.REGRESSION : Target.CLASSIFICATION;
      assertEquals(parent.of(kept), child.losses().of(kept), child.toString());
      assertNotEquals(parent, child.losses());
    }
  }

  /**
   * Whatever the strategy: children lie in the space, and the pairs of one search are different.
   */
  @ParameterizedTest
  @EnumSource(StrategyKind.class)
  void everyStrategyFillsItsGenerationsWithNewPairs(StrategyKind kind) {
    for (long seed = 0; seed < 10; seed++) {
      SearchSpec spec = spec(seed, 3, Searches.breeding(kind, 1, 0.2));
      SearchState state = Searches.run(spec, Searches::scored);
      assertTrue(state.complete(spec), "seed " + seed + ": " + state.failure());
      assertEquals(
          evolved(state).size(), evolved(state).stream().map(Candidate::losses).distinct().count());
      for (Funnel funnel : state.funnels().tailMap(1).values()) {
        assertTrue(
            funnel.trained() == 6 || funnel.generated() == spec.evolution().candidates(),
            "seed " + seed + ": " + funnel);
      }
      for (Candidate candidate : evolved(state)) {
        for (Target target : Target.values()) {
          assertTrue(spec.space().admits(candidate.losses().of(target).orElseThrow()));
        }
      }
    }
  }

  /** In the small look-ahead, what is in training is brought to its end before the search fails. */
  @Test
  void anExhaustedSpaceEndsAfterWhatIsInTraining() {
    for (long seed = 0; seed < 10; seed++) {
      SearchSpec usual = Searches.spec(seed, 9, 50, 1);
      var small =
          new SearchSpec(
              seed,
              usual.classification(),
              SearchTest.narrow(EnumSet.of(Target.REGRESSION), 5),
              new Evolution(
                  9,
                  3000,
                  50,
                  9,
                  1,
                  Searches.RATES,
                  List.of(),
                  Searches.breeding(StrategyKind.AGING, 3, 0)),
              new Trials(0));
      SearchState start = Search.advance(small, SearchState.empty(), Map.of()).state();
      assertEquals(Optional.empty(), start.failure());
      assertFalse(start.unfinished(small).isEmpty());
      SearchState end = Searches.goOn(small, start, Searches::scored, new ArrayList<>());
      assertEquals(FailureReason.SPACE_EXHAUSTED, end.failure().orElseThrow().reason());
      assertTrue(
          IntStream.rangeClosed(0, end.generation()).allMatch(end.survivors()::containsKey),
          "sealed " + end.survivors().keySet());
    }
  }
}
