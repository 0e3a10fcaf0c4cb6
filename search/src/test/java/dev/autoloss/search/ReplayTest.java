package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever way results come, and wherever a crash cuts, the search ends in the same state. */
class ReplayTest {
  private static final int SEEDS = 200;

  /** Some fail, so that every kind of outcome is replayed. */
  private static TrialOutcome trainer(Trial trial) {
    int kind = Math.floorMod(trial.losses().toString().hashCode(), 11);
    return switch (kind) {
      case 0 -> new TrialOutcome.Diverged();
      case 1 -> new TrialOutcome.Rejected();
      default -> Searches.scored(trial);
    };
  }

  @Test
  void shuffledDuplicatedPartialAndReplayedBatchesEndInTheSameState() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SearchSpec spec = Searches.spec(seed, 3, 4, 1 + (int) (seed % 2));
      SearchState calm = Searches.run(spec, ReplayTest::trainer);
      List<SearchEvent> events = new ArrayList<>();
      SearchState stormy = storm(spec, new Random(seed), events);
      assertEquals(calm, stormy, "seed " + seed);
      assertEquals(calm, SearchState.empty().applyAll(events), "fold, seed " + seed);
    }
  }

  private static SearchState storm(SearchSpec spec, Random random, List<SearchEvent> events) {
    SearchState state = SearchState.empty();
    Map<TrialId, TrialOutcome> known = new HashMap<>();
    for (int step = 0; !state.complete(spec) && state.failure().isEmpty(); step++) {
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
              batch.put(id, outcome);
            }
          });
      batch.put(new TrialId(new CandidateId(900, 1), 0), new TrialOutcome.Scored(1));
      Advance advance = Search.advance(spec, state, batch);
      if (random.nextInt(4) == 0) {
        // A crash before the events were stored: the same decision is made again.
        Advance again = Search.advance(spec, state, batch);
        assertEquals(advance, again);
      }
      known.putAll(batch);
      events.addAll(advance.events());
      state = advance.state();
    }
    return state;
  }

  @Test
  void aCrashBetweenAnyTwoEventsChangesNothing() {
    SearchSpec spec = Searches.spec(7, 3, 4, 1);
    List<SearchEvent> events = new ArrayList<>();
    SearchState end = storm(spec, new Random(7), events);
    for (int stored = 0; stored <= events.size(); stored++) {
      SearchState state = SearchState.empty().applyAll(events.subList(0, stored));
      while (!state.complete(spec) && state.failure().isEmpty()) {
        state =
            Search.advance(spec, state, Searches.results(spec, state, ReplayTest::trainer)).state();
        if (state.unfinished(spec).isEmpty() && !state.complete(spec)) {
          state = Search.advance(spec, state, Map.of()).state();
        }
      }
      assertEquals(end, state, stored + " events stored");
    }
  }

  @Test
  void nothingNewGivesNoEvent() {
    SearchSpec spec = Searches.spec(3, 2, 4, 1);
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    Map<TrialId, TrialOutcome> results = Searches.results(spec, state, Searches::scored);
    state = Search.advance(spec, state, results).state();
    assertEquals(List.of(), Search.advance(spec, state, results).events());
  }

  @Test
  void theFirstOutcomeOfATrialStands() {
    SearchSpec spec = Searches.spec(3, 2, 4, 1);
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    TrialId trial = state.unfinished(spec).getFirst().id();
    state = state.apply(new SearchEvent.Recorded(trial, new TrialOutcome.Scored(0.5)));
    assertEquals(state, state.apply(new SearchEvent.Recorded(trial, new TrialOutcome.Scored(0.7))));
  }

  @Test
  void aDamagedSequenceIsNotGuessedAt() {
    var funnel = new Funnel(1, 0, Map.of(), 1, 1);
    var stranger = new TrialId(new CandidateId(1, 0), 0);
    for (SearchEvent event :
        List.of(
            new SearchEvent.Proposed(1, List.of(), funnel),
            new SearchEvent.Recorded(stranger, new TrialOutcome.Diverged()),
            new SearchEvent.Sealed(0, List.of()))) {
      assertThrows(
          IllegalStateException.class, () -> SearchState.empty().apply(event), event.toString());
    }
  }
}
