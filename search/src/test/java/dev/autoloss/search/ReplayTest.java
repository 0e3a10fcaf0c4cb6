package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever way results come, and wherever a crash cuts, the search ends in the same state. */
class ReplayTest {
  private static final int SEEDS = 200;

  /** Every kind of outcome is replayed; about one generation in four loses more than is borne. */
  private static TrialOutcome trainer(Trial trial) {
    return switch ((int) Math.floorMod(Searches.hash(trial) >> 12, 14L)) {
      case 0 -> new TrialOutcome.Diverged();
      case 1 -> new TrialOutcome.Rejected();
      case 2, 3 -> new TrialOutcome.Lost("evicted");
      case 4 -> new TrialOutcome.Skipped();
      default -> Searches.scored(trial);
    };
  }

  /** A procedure, and how it is bred. */
  record Case(Course course, Breeding breeding) {
    SearchSpec spec(long seed) {
      SearchSpec usual = course.spec(seed, breeding.lookAhead() + 2);
      // Random trees seldom pass: some generations stay short, some searches end.
      int candidates = breeding.strategy() == StrategyKind.RANDOM_SEARCH ? 400 : 3000;
      return Searches.with(Searches.candidates(usual, candidates), breeding);
    }
  }

  /** Each procedure; each strategy, with and without look-ahead, archive, alternation. */
  private static Stream<Case> cases() {
    var aging =
        new Breeding(
            StrategyKind.AGING,
            3,
            BranchesPerGeneration.ALTERNATING,
            0.3,
            5,
            Seeding.INITIAL,
            List.of());
    return Stream.concat(
        Stream.of(Course.values()).map(course -> new Case(course, Breeding.published())),
        Stream.of(
            new Case(Course.PLAIN, Searches.breeding(StrategyKind.GENERATIONAL, 1, 0.3)),
            new Case(Course.PLAIN, Searches.breeding(StrategyKind.AGING, 1, 0)),
            new Case(Course.PLAIN, aging),
            new Case(Course.PLAIN, Searches.breeding(StrategyKind.RANDOM_SEARCH, 1, 0)),
            new Case(Course.PLAIN, Searches.breeding(StrategyKind.VANILLA, 1, 0)),
            new Case(Course.PLAIN, Searches.breeding(StrategyKind.VANILLA, 3, 0)),
            new Case(Course.RACE, aging),
            new Case(Course.ALL, aging)));
  }

  /** A procedure that is replayed. */
  enum Course {
    PLAIN,
    SIMULATION,
    RACE,
    FINALS,
    ALL;

    int seeds() {
      return this == PLAIN ? SEEDS : SEEDS / 3;
    }

    /** The more trainings a generation has, the more lost ones are borne. */
    SearchSpec spec(long seed, int generations) {
      SearchSpec plain = Searches.spec(seed, generations, 4, 1 + (int) (seed % 3));
      return new SearchSpec(
          seed,
          plain.classification(),
          plain.space(),
          plain.evolution(),
          new Trials(borne()),
          procedure());
    }

    private int borne() {
      return switch (this) {
        case PLAIN -> 1;
        case RACE, FINALS -> 2;
        case SIMULATION, ALL -> 3;
      };
    }

    private Procedure procedure() {
      Optional<Finals> none = Optional.empty();
      return switch (this) {
        case PLAIN -> Procedure.PLAIN;
        case SIMULATION ->
            new Procedure(OptionalInt.of(7), 1, List.of(), none, 0, Optional.empty());
        case RACE -> new Procedure(OptionalInt.empty(), 0.5, List.of(), none, 0, Optional.empty());
        case FINALS ->
            new Procedure(
                OptionalInt.empty(),
                1,
                CONTROLS,
                Optional.of(new Finals(2, 2, 1, false)),
                2,
                Optional.empty());
        case ALL ->
            new Procedure(
                OptionalInt.of(6),
                0.4,
                CONTROLS,
                Optional.of(new Finals(2, 3, 2, true)),
                1,
                Optional.empty());
      };
    }
  }

  private static final List<Control> CONTROLS =
      List.of(
          new Control("twice the box weight", LossPair.DEFAULT, new Scaling(1, 2, 1)),
          new Control("half the rate", LossPair.DEFAULT, new Scaling(1, 1, 0.5)));

  @ParameterizedTest
  @MethodSource("cases")
  void shuffledDuplicatedPartialAndReplayedBatchesEndInTheSameState(Case which) {
    Map<FailureReason, Integer> failures = new EnumMap<>(FailureReason.class);
    int complete = 0;
    for (long seed = 0; seed < which.course().seeds(); seed++) {
      SearchSpec spec = which.spec(seed);
      SearchState calm = Searches.run(spec, ReplayTest::trainer);
      List<SearchEvent> events = new ArrayList<>();
      SearchState stormy = storm(spec, new Random(seed), events);
      assertEquals(calm.failure(), stormy.failure(), "seed " + seed);
      assertEquals(calm.survivors(), stormy.survivors(), "seed " + seed);
      assertEquals(calm, stormy, "seed " + seed);
      assertEquals(calm, SearchState.empty().applyAll(events), "fold, seed " + seed);
      assertTrue(calm.candidates().size() > 1, "seed " + seed);
      complete += calm.complete(spec) ? 1 : 0;
      calm.failure().ifPresent(failed -> failures.merge(failed.reason(), 1, Integer::sum));
    }
    assertTrue(complete > which.course().seeds() / 10, complete + " of the searches complete");
    // One that stops at the first generation without a better candidate seldom comes to a failure.
    assertTrue(
        which.course().procedure().noImprovement() == 1
            || failures.getOrDefault(FailureReason.TOO_MANY_LOST, 0) > which.course().seeds() / 20,
        failures.toString());
  }

  /** Delivers results late, in part, again, in any order, and those of strangers. */
  private static SearchState storm(SearchSpec spec, Random random, List<SearchEvent> events) {
    Advance advance = Search.advance(spec, SearchState.empty(), Map.of());
    Map<TrialId, TrialOutcome> known = new HashMap<>();
    events.addAll(advance.events());
    SearchState state = advance.state();
    for (int step = 0; !state.unfinished(spec).isEmpty(); step++) {
      assertTrue(step < 10_000, "does not end");
      List<Trial> unfinished = new ArrayList<>(state.unfinished(spec));
      Collections.shuffle(unfinished, random);
      Map<TrialId, TrialOutcome> batch = new HashMap<>();
      unfinished.stream()
          .limit(random.nextInt(3))
          .forEach(trial -> batch.put(trial.id(), trainer(trial)));
      known.forEach(
          (id, outcome) -> {
            if (random.nextBoolean()) {
              // What was recorded stands, even where a later reading says something else.
              batch.put(id, random.nextBoolean() ? outcome : new TrialOutcome.Skipped());
            }
          });
      batch.put(TrialId.proxy(new CandidateId(900, 1), 0), new TrialOutcome.Scored(1));
      batch.put(TrialId.proxy(new CandidateId(1, 0), 77), new TrialOutcome.Scored(1));
      advance = Search.advance(spec, state, batch);
      if (random.nextInt(4) == 0) {
        // A crash before the events were stored: the same decision is made again.
        assertEquals(advance, Search.advance(spec, state, batch));
      }
      assertEquals(advance.state(), state.applyAll(advance.events()));
      assertEquals(List.of(), Search.advance(spec, advance.state(), batch).events());
      known.putAll(batch);
      events.addAll(advance.events());
      state = advance.state();
    }
    return state;
  }

  /** Stored events are folded, the same results delivered again: the rest is decided as before. */
  @ParameterizedTest
  @MethodSource("cases")
  void aCrashBetweenAnyTwoEventsChangesNoLaterEvent(Case which) {
    for (long seed = 0; seed < which.course().seeds() / 14; seed++) {
      SearchSpec spec = which.spec(seed);
      List<SearchEvent> whole = new ArrayList<>();
      SearchState end = Searches.goOn(spec, SearchState.empty(), ReplayTest::trainer, whole);
      Map<TrialId, TrialOutcome> delivered = new HashMap<>();
      List<SearchEvent> events = new ArrayList<>();
      SearchState state = SearchState.empty();
      while (events.size() < whole.size()) {
        Advance advance = Search.advance(spec, state, delivered);
        for (int stored = 0; stored <= advance.events().size(); stored++) {
          List<SearchEvent> kept = new ArrayList<>(events);
          kept.addAll(advance.events().subList(0, stored));
          SearchState folded = SearchState.empty().applyAll(kept);
          String where = "seed " + seed + ", " + kept.size() + " events stored";
          Advance again = Search.advance(spec, folded, delivered);
          kept.addAll(again.events());
          assertEquals(end, Searches.goOn(spec, again.state(), ReplayTest::trainer, kept), where);
          assertEquals(whole, kept, where);
        }
        events.addAll(advance.events());
        state = advance.state();
        delivered.putAll(Searches.results(spec, state, ReplayTest::trainer));
      }
      assertEquals(end, state);
    }
  }

  /** All results of the whole search at once, as a map that a reader of everything would have. */
  @ParameterizedTest
  @MethodSource("cases")
  void resultsOfLaterGenerationsAreTakenWhenTheirTurnComes(Case which) {
    for (long seed = 0; seed < which.course().seeds() / 10; seed++) {
      SearchSpec spec = which.spec(seed);
      SearchState end = Searches.run(spec, ReplayTest::trainer);
      Advance once = Search.advance(spec, SearchState.empty(), end.outcomes());
      assertEquals(end, once.state(), "seed " + seed);
      assertEquals(
          List.of(), Search.advance(spec, once.state(), end.outcomes()).events(), "seed " + seed);
    }
  }

  @Test
  void aLostBaselineFailsTheSearchTheSameWayWhetherItEndsFirstOrLast() {
    SearchSpec spec = Searches.spec(3, 2, 4, 2);
    SearchState start = Search.advance(spec, SearchState.empty(), Map.of()).state();
    Map<TrialId, TrialOutcome> baseline = new HashMap<>();
    Map<TrialId, TrialOutcome> first = new HashMap<>();
    for (Trial trial : start.unfinished(spec)) {
      if (trial.id().candidate().generation() == 0) {
        baseline.put(trial.id(), new TrialOutcome.Lost("node gone"));
      } else {
        first.put(trial.id(), Searches.scored(trial));
      }
    }
    SearchState early = Search.advance(spec, start, baseline).state();
    early = Search.advance(spec, early, first).state();
    SearchState late = Search.advance(spec, start, first).state();
    late = Search.advance(spec, late, baseline).state();
    assertEquals(early, late);
    assertEquals(FailureReason.TOO_MANY_LOST, early.failure().orElseThrow().reason());
    assertEquals(Map.of(), early.survivors());
  }

  @Test
  void theFirstOutcomeOfATrialStands() {
    SearchSpec spec = Searches.spec(3, 2, 4, 1);
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    TrialId trial = state.unfinished(spec).getFirst().id();
    state = state.apply(new SearchEvent.Recorded(trial, new TrialOutcome.Scored(0.5)));
    assertEquals(state, state.apply(new SearchEvent.Recorded(trial, new TrialOutcome.Scored(0.7))));
  }

  /** Each event is put at every place of a sound sequence where it cannot stand. */
  @Test
  void aDamagedSequenceIsNotGuessedAt() {
    SearchSpec spec = Searches.spec(5, 2, 4, 1);
    List<SearchEvent> sound = new ArrayList<>();
    Searches.goOn(spec, SearchState.empty(), Searches::scored, sound);
    for (int i = 0; i < sound.size(); i++) {
      SearchEvent event = sound.get(i);
      List<SearchEvent> missing = new ArrayList<>(sound);
      missing.remove(i);
      List<SearchEvent> twice = new ArrayList<>(sound);
      twice.add(i, event);
      if (event instanceof SearchEvent.Recorded) {
        assertEquals(SearchState.empty().applyAll(sound), SearchState.empty().applyAll(twice));
      } else {
        assertDamaged(twice, event + " twice");
      }
      if (i < sound.size() - 1) {
        assertDamaged(missing, event + " missing");
      }
    }
  }

  @Test
  void eventsThatNoSearchDecidesAreRefused() {
    SearchSpec spec = Searches.spec(5, 1, 4, 1);
    SearchState start = Search.advance(spec, SearchState.empty(), Map.of()).state();
    SearchState end = Searches.run(spec, Searches::scored);
    var funnel = new Funnel(1, 0, Map.of(), 1, 1);
    var id = new CandidateId(2, 0);
    var orphan =
        new Candidate(id, Origin.CROSSOVER, List.of(new CandidateId(1, 9)), LossPair.DEFAULT);
    var stray = new Candidate(new CandidateId(2, 1), Origin.RANDOM, List.of(), LossPair.DEFAULT);
    var failed = new SearchEvent.Failed(FailureReason.SPACE_EXHAUSTED, "");
    var scored = new TrialOutcome.Scored(1);
    assertDamaged(start, new SearchEvent.Recorded(TrialId.proxy(id, 0), scored));
    assertDamaged(
        end, new SearchEvent.Recorded(TrialId.proxy(new CandidateId(1, 0), 1), scored)); // sealed
    assertDamaged(start, new SearchEvent.Sealed(0, List.of()));
    assertDamaged(end, new SearchEvent.Sealed(1, List.of()));
    assertDamaged(start, new SearchEvent.Proposed(2, List.of(stray), funnel));
    assertDamaged(end, new SearchEvent.Proposed(2, List.of(), funnel));
    assertDamaged(end, new SearchEvent.Proposed(2, List.of(orphan), funnel));
    assertDamaged(end, new SearchEvent.Proposed(2, List.of(stray), funnel));
    assertDamaged(end.apply(failed), failed);
    assertDamaged(end.apply(failed), new SearchEvent.Sealed(2, List.of()));
  }

  private static void assertDamaged(SearchState state, SearchEvent event) {
    var problem =
        assertThrows(IllegalStateException.class, () -> state.apply(event), event.toString());
    assertTrue(problem.getMessage().startsWith("events out of order: "), problem.getMessage());
  }

  private static void assertDamaged(List<SearchEvent> events, String what) {
    assertThrows(IllegalStateException.class, () -> SearchState.empty().applyAll(events), what);
  }
}
