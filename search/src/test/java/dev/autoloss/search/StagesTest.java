package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {
  private static final Control BOXES =
      new Control("DoubleBoxWeight", LossPair.DEFAULT, new Scaling(1, 2, 1));
  private static final Control RATE =
      new Control("HalfLearningRate", LossPair.DEFAULT, new Scaling(1, 1, 0.5));
  private static final CandidateId BASELINE = new CandidateId(0, 0);

  private static SearchSpec spec(
      int generations, int trained, int replicates, Procedure procedure) {
    return Searches.with(Searches.spec(3, generations, trained, replicates), procedure);
  }

  private static Procedure simulated(int most) {
    return new Procedure(OptionalInt.of(most), 1, List.of(), Optional.empty(), 0, Optional.empty());
  }

  private static Procedure racing(double share) {
    return new Procedure(
        OptionalInt.empty(), share, List.of(), Optional.empty(), 0, Optional.empty());
  }

  private static Procedure finals(boolean test) {
    return new Procedure(
        OptionalInt.empty(),
        1,
        List.of(BOXES, RATE),
        Optional.of(new Finals(2, 3, 1, test)),
        0,
        Optional.empty());
  }

  private static SearchState start(SearchSpec spec) {
    return Search.advance(spec, SearchState.empty(), Map.of()).state();
  }

  private static SearchState give(
      SearchSpec spec, SearchState state, Function<Trial, TrialOutcome> trainer) {
    return Search.advance(spec, state, Searches.results(spec, state, trainer)).state();
  }

  private static List<String> names(SearchSpec spec, SearchState state) {
    return state.unfinished(spec).stream().map(trial -> trial.id().toString()).toList();
  }

  /** A score that falls with the slot, so that slot 0 is the best. */
  private static TrialOutcome bySlot(Trial trial) {
    return new TrialOutcome.Scored(0.5 - 0.01 * trial.id().candidate().slot());
  }

  @ParameterizedTest
  @CsvSource({"g1-c3-s,SIMULATION,0", "g12-c0-p0,PROXY,0", "g0-c2-f11,FINAL,11", "g0-c2-t2,TEST,2"})
  void trialsHaveNames(String name, Stage stage, int replicate) {
    TrialId trial = TrialId.parse(name);
    assertEquals(stage, trial.stage());
    assertEquals(replicate, trial.replicate());
    assertEquals(name, trial.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"g1-c3", "g1-c3-", "g1-c3-s0", "g1-c3-p", "g1-c3-p01", "g1-c3-x1", "p0"})
  void otherNamesAreRefused(String name) {
    assertThrows(IllegalArgumentException.class, () -> TrialId.parse(name));
  }

  @Test
  void onlyThoseThatPassTheSimulationAreTrainedAndNoMoreThanAsked() {
    SearchSpec spec = spec(1, 3, 2, simulated(8));
    SearchState state = start(spec);
    assertEquals(8, state.generation(1).size());
    assertEquals(
        Stream.concat(
                Stream.of("g0-c0-p0", "g0-c0-p1"),
                Stream.iterate(0, slot -> slot + 1).limit(8).map(slot -> "g1-c" + slot + "-s"))
            .toList(),
        names(spec, state));
    // Slots 0 and 3 fall, slot 1 is lost; the last is by far the best, and that counts for nothing.
    state =
        give(
            spec,
            state,
            trial ->
                switch (trial.id().candidate().slot() + trial.id().candidate().generation() * 10) {
                  case 10 -> new TrialOutcome.Rejected();
                  case 11 -> new TrialOutcome.Lost("node gone");
                  case 13 -> new TrialOutcome.Diverged();
                  case 17 -> new TrialOutcome.Scored(0.99);
                  default -> new TrialOutcome.Scored(0.4);
                });
    assertEquals(
        List.of("g1-c2-p0", "g1-c2-p1", "g1-c4-p0", "g1-c4-p1", "g1-c5-p0", "g1-c5-p1"),
        names(spec, state));
    state = give(spec, state, Searches::scored);
    assertTrue(state.complete(spec));
    assertEquals(
        Set.of(new CandidateId(1, 2), new CandidateId(1, 4), new CandidateId(1, 5)),
        state.ranking().stream().filter(id -> id.generation() > 0).collect(Collectors.toSet()),
        "a score of the simulation is no fitness");
  }

  @Test
  void theSimulationDoesNotWaitForTheBaseline() {
    SearchSpec spec = spec(1, 2, 1, simulated(4));
    SearchState state = start(spec);
    Map<TrialId, TrialOutcome> simulations =
        state.unfinished(spec).stream()
            .filter(trial -> trial.id().stage() == Stage.SIMULATION)
            .collect(Collectors.toMap(Trial::id, StagesTest::bySlot));
    state = Search.advance(spec, state, simulations).state();
    assertEquals(List.of("g0-c0-p0", "g1-c0-p0", "g1-c1-p0"), names(spec, state));
  }

  @Test
  void aGenerationThatFallsInTheSimulationIsFollowedByANewFirstOne() {
    SearchSpec spec = spec(2, 2, 1, simulated(4));
    SearchState state =
        Searches.run(
            spec,
            trial ->
                trial.id().candidate().generation() == 1
                    ? new TrialOutcome.Rejected()
                    : Searches.scored(trial));
    assertTrue(state.complete(spec), state.failure().toString());
    assertEquals(List.of(), state.survivors(1));
    assertEquals(List.of(), state.promotions(1).getFirst().candidates());
    assertEquals(2, state.survivors(2).size());
  }

  @Test
  void aRaceTrainsManyOnceAndFewOften() {
    SearchSpec spec = spec(1, 8, 4, racing(0.5));
    SearchState state = start(spec);
    assertEquals(4 + 8, state.unfinished(spec).size(), "the default pair is trained as often");
    state = give(spec, state, StagesTest::bySlot);
    assertEquals(List.of("g1-c0-p1", "g1-c1-p1", "g1-c2-p1", "g1-c3-p1"), names(spec, state));
    state = give(spec, state, StagesTest::bySlot);
    assertEquals(List.of("g1-c0-p2", "g1-c1-p2"), names(spec, state));
    // The leader diverges in its third training: a loss that sometimes fails races no further.
    state =
        give(
            spec,
            state,
            trial ->
                trial.id().candidate().slot() == 0 ? new TrialOutcome.Diverged() : bySlot(trial));
    assertEquals(List.of("g1-c1-p3"), names(spec, state));
    state = give(spec, state, StagesTest::bySlot);
    assertTrue(state.complete(spec));
    assertEquals(new CandidateId(1, 1), state.survivors(1).getFirst());
  }

  /** Of two with equal means the one that was trained more often stands above. */
  @Test
  void aLuckySingleScoreDoesNotStandAboveAGoodMeanOfMany() {
    SearchSpec spec = spec(1, 2, 4, Procedure.PLAIN);
    SearchState state = start(spec);
    var events = new ArrayList<SearchEvent>();
    for (int r = 0; r < 4; r++) {
      double noise = r % 2 == 0 ? 0.02 : -0.02;
      events.add(scored(BASELINE, r, 0.5 - noise));
      events.add(scored(new CandidateId(1, 0), r, 0.55 + noise));
    }
    events.add(scored(new CandidateId(1, 1), 0, 0.54));
    state = state.applyAll(events);
    assertEquals(0.05, state.fitness(new CandidateId(1, 0)).orElseThrow(), 1e-12);
    assertEquals(0.06, state.fitness(new CandidateId(1, 1)).orElseThrow(), 1e-12);
    assertEquals(new CandidateId(1, 0), state.ranking().getFirst());
  }

  private static SearchEvent scored(CandidateId candidate, int replicate, double ap) {
    return new SearchEvent.Recorded(
        TrialId.proxy(candidate, replicate), new TrialOutcome.Scored(ap));
  }

  /** The measured table of the small FCOS: B's second seed collapsed. */
  @Test
  void differencesArePairedAndCollapseIsCountedApart() {
    SearchSpec spec = spec(1, 2, 3, Procedure.PLAIN);
    double[] defaults = {.363, .352, .374};
    double[] collapsing = {.373, .134, .376};
    var events = new ArrayList<SearchEvent>();
    for (int r = 0; r < 3; r++) {
      events.add(scored(BASELINE, r, defaults[r]));
      events.add(scored(new CandidateId(1, 0), r, collapsing[r]));
    }
    events.add(scored(new CandidateId(1, 1), 1, .370));
    SearchState state = start(spec).applyAll(events);
    Summary first = state.summary(new CandidateId(1, 0), Stage.PROXY).orElseThrow();
    assertEquals(3, first.scored());
    assertEquals((.373 + .134 + .376) / 3, first.meanAp(), 1e-12);
    assertEquals((.010 - .218 + .002) / 3, first.difference(), 1e-12);
    assertEquals(1, first.collapsed());
    assertEquals((.373 + .376) / 2, first.meanOfOthers().orElseThrow(), 1e-12);
    assertEquals(0.138861, first.spread().orElseThrow(), 1e-6);
    assertEquals(
        .018,
        state.fitness(new CandidateId(1, 1)).orElseThrow(),
        1e-12,
        "compared in its own block, not with the mean");
    assertEquals(OptionalDouble.of(0), state.fitness(BASELINE));
    assertEquals(Optional.empty(), state.summary(BASELINE, Stage.FINAL));
  }

  @Test
  void aBlockThatTheBaselineLacksIsComparedWithItsMean() {
    SearchSpec spec = spec(1, 2, 3, Procedure.PLAIN);
    SearchState state =
        start(spec)
            .applyAll(
                List.of(
                    scored(BASELINE, 0, 0.2),
                    scored(BASELINE, 1, 0.4),
                    new SearchEvent.Recorded(
                        TrialId.proxy(BASELINE, 2), new TrialOutcome.Lost("node")),
                    scored(new CandidateId(1, 0), 2, 0.5)));
    assertEquals(0.2, state.fitness(new CandidateId(1, 0)).orElseThrow(), 1e-12);
  }

  @Test
  void controlsAreTrainedAsOftenAsTheBaselineAndNeverBredFrom() {
    SearchSpec spec = spec(2, 4, 2, finals(false));
    SearchState state = Searches.run(spec, Searches::scored);
    assertEquals(
        List.of(Optional.empty(), Optional.of("DoubleBoxWeight"), Optional.of("HalfLearningRate")),
        state.generation(0).stream().map(Candidate::control).toList());
    assertEquals(new Scaling(1, 2, 1), state.candidate(new CandidateId(0, 1)).scaling());
    assertEquals(2, state.scores(new CandidateId(0, 1), Stage.PROXY).size());
    assertTrue(
        state.candidates().values().stream()
            .flatMap(candidate -> candidate.parents().stream())
            .noneMatch(parent -> parent.generation() == 0));
    assertTrue(
        state.survivors().values().stream()
            .flatMap(List::stream)
            .noneMatch(id -> id.generation() == 0));
  }

  @Test
  void finalistsMeetTheBaselineAndTheBestControlsWithSeedsThatSelectedNothing() {
    SearchSpec spec = spec(2, 4, 2, finals(true));
    Set<Long> selecting = new HashSet<>();
    SearchState state = start(spec);
    while (state.chosen().isEmpty()) {
      state.unfinished(spec).forEach(trial -> selecting.add(trial.seed()));
      state = give(spec, state, trial -> higherGenerationsAreBetter(trial));
    }
    assertTrue(state.evolved(spec));
    assertFalse(state.complete(spec));
    List<CandidateId> entered = state.chosen(Stage.FINAL);
    List<CandidateId> best =
        state.ranking().stream().filter(id -> id.generation() > 0).limit(2).toList();
    assertEquals(List.of(best.get(0), best.get(1), BASELINE, new CandidateId(0, 1)), entered);
    List<Trial> finals = state.unfinished(spec);
    assertEquals(4 * 3, finals.size());
    assertTrue(finals.stream().noneMatch(trial -> selecting.contains(trial.seed())));
    assertEquals(3, finals.stream().map(Trial::seed).distinct().count(), "paired by their seed");
    // In the finals the second is better, and so it is who is tested.
    state =
        give(
            spec,
            state,
            trial ->
                new TrialOutcome.Scored(trial.id().candidate().equals(best.get(1)) ? 0.9 : 0.5));
    assertEquals(List.of(best.get(1), BASELINE, new CandidateId(0, 1)), state.chosen(Stage.TEST));
    Set<Long> before = new HashSet<>(selecting);
    finals.forEach(trial -> before.add(trial.seed()));
    List<Trial> tests = state.unfinished(spec);
    assertEquals(3 * 3, tests.size());
    assertTrue(tests.stream().noneMatch(trial -> before.contains(trial.seed())));
    assertFalse(state.complete(spec));
    state = give(spec, state, Searches::scored);
    assertTrue(state.complete(spec));
    assertEquals(List.of(), state.unfinished(spec));
    assertEquals(
        best,
        state.ranking().stream().filter(id -> id.generation() > 0).limit(2).toList(),
        "scores of the finals select nothing");
  }

  private static TrialOutcome higherGenerationsAreBetter(Trial trial) {
    CandidateId id = trial.id().candidate();
    return new TrialOutcome.Scored(0.2 + 0.1 * id.generation() - 0.01 * id.slot());
  }

  @Test
  void afterTheFinalsBeganNothingIsEvolvedThoughMoreGenerationsAreAskedFor() {
    SearchSpec spec = spec(1, 4, 2, finals(false));
    SearchState state = Searches.run(spec, Searches::scored);
    assertTrue(state.complete(spec));
    SearchSpec more = spec(5, 4, 2, finals(false));
    assertEquals(List.of(), Search.advance(more, state, Map.of()).events());
    assertTrue(state.complete(more));
  }

  @Test
  void withoutALossThatWasScoredThereAreNoFinals() {
    SearchSpec spec = spec(1, 4, 1, finals(true));
    SearchState state =
        Searches.run(
            spec,
            trial ->
                trial.id().candidate().generation() == 0
                    ? Searches.scored(trial)
                    : new TrialOutcome.Diverged());
    assertTrue(state.complete(spec), state.toString());
    assertEquals(List.of(), state.chosen(Stage.FINAL));
    assertEquals(List.of(), state.chosen(Stage.TEST));
  }

  @Test
  void generationsThatBringNothingBetterEndTheEvolutionAndMoreAreMadeWhenMoreAreBorne() {
    Procedure two =
        new Procedure(OptionalInt.empty(), 1, List.of(), Optional.empty(), 2, Optional.empty());
    SearchSpec spec = spec(9, 3, 1, two);
    Function<Trial, TrialOutcome> worse =
        trial -> new TrialOutcome.Scored(0.9 - 0.1 * trial.id().candidate().generation());
    SearchState state = Searches.run(spec, worse);
    assertTrue(state.complete(spec));
    assertTrue(state.stagnant(spec));
    assertEquals(3, state.generation(), "the first is the best, two bring nothing better");
    Procedure three =
        new Procedure(OptionalInt.empty(), 1, List.of(), Optional.empty(), 3, Optional.empty());
    SearchSpec longer = spec(9, 3, 1, three);
    assertFalse(state.complete(longer));
    SearchState more = Searches.goOn(longer, state, worse, new ArrayList<>());
    assertEquals(4, more.generation());
    assertEquals(more, Searches.run(longer, worse), "as if it had been asked for from the start");
  }

  @Test
  void choicesAndPromotionsThatNoSearchMakesAreRefused() {
    SearchSpec spec = spec(2, 4, 3, racing(0.5));
    SearchState state = start(spec);
    CandidateId one = new CandidateId(1, 1);
    refused(state, new SearchEvent.Promoted(0, List.of(BASELINE), 2));
    refused(state, new SearchEvent.Promoted(2, List.of(), 2));
    refused(state, new SearchEvent.Promoted(1, List.of(BASELINE), 2));
    refused(state, new SearchEvent.Promoted(1, List.of(one, one), 2));
    SearchState promoted = state.apply(new SearchEvent.Promoted(1, List.of(one), 2));
    refused(promoted, new SearchEvent.Promoted(1, List.of(one), 2));
    refused(promoted, new SearchEvent.Promoted(1, List.of(new CandidateId(1, 0)), 3));
    refused(state, new SearchEvent.Chosen(Stage.FINAL, List.of()));
    SearchState end = Searches.run(spec, Searches::scored);
    refused(end, new SearchEvent.Chosen(Stage.PROXY, List.of()));
    refused(end, new SearchEvent.Chosen(Stage.TEST, List.of()));
    refused(end, new SearchEvent.Chosen(Stage.FINAL, List.of(new CandidateId(9, 0))));
    refused(
        end,
        new SearchEvent.Recorded(new TrialId(one, Stage.FINAL, 0), new TrialOutcome.Scored(0.5)));
    SearchState finals = end.apply(new SearchEvent.Chosen(Stage.FINAL, List.of(one, BASELINE)));
    refused(finals, new SearchEvent.Chosen(Stage.FINAL, List.of(one)));
    refused(finals, new SearchEvent.Chosen(Stage.TEST, List.of(new CandidateId(1, 0))));
    refused(
        finals,
        new SearchEvent.Recorded(
            new TrialId(new CandidateId(1, 0), Stage.FINAL, 0), new TrialOutcome.Scored(0.5)));
  }

  private static void refused(SearchState state, SearchEvent event) {
    var problem = assertThrows(IllegalStateException.class, () -> state.apply(event));
    assertTrue(problem.getMessage().startsWith("events out of order: "), problem.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 3001})
  void asManyAreSimulatedAsAreGeneratedAtMostAndTrainedAtLeast(int simulated) {
    var problem =
        assertThrows(IllegalArgumentException.class, () -> spec(1, 4, 1, simulated(simulated)));
    assertEquals(
        "evolution.simulated: expected evolution.trained to evolution.candidates, which is 4 to"
            + " 3000, found "
            + simulated,
        problem.getMessage());
  }
}
