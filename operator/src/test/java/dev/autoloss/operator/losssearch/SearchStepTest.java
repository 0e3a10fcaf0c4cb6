package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.JobRetention;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.SuspendPolicy;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchStepTest {
  private static final int TRIALS = 1 + 2 * 3;

  private static SearchWorld world() {
    return new SearchWorld(Samples.search("quickstart", 2, 3, 2));
  }

  private static LossSearchSpec with(LossSearch search, boolean suspend, SuspendPolicy policy) {
    String word = policy == SuspendPolicy.DRAIN ? "Drain" : "Stop";
    return Samples.changed(
        search.getSpec(), "{suspend: %s, suspendPolicy: %s}".formatted(suspend, word));
  }

  private static String condition(SearchWorld world, String type) {
    return Conditions.find(world.search.getStatus().conditions(), type)
        .map(condition -> condition.getStatus() + " " + condition.getReason())
        .orElse("");
  }

  private static String message(SearchWorld world, String type) {
    return Conditions.find(world.search.getStatus().conditions(), type).orElseThrow().getMessage();
  }

  @Test
  void aSearchRunsToItsEnd() {
    SearchWorld world = world();
    world.run();
    var status = world.search.getStatus();
    assertEquals(SearchPhase.COMPLETE, status.state());
    assertEquals(TRIALS, world.trainings.size());
    assertEquals(TRIALS, status.trials().scored());
    assertEquals(TRIALS, status.trials().proposed());
    assertEquals("True GenerationsSealed", condition(world, "Complete"));
    assertEquals("", condition(world, "Failed"));
    assertEquals("g0-c0", status.baseline().candidate());
    assertEquals(5, status.best().size());
    double best =
        world.trainings.values().stream()
            .filter(
                training ->
                    training.getSpec().loss().regression() != null
                        || training.getSpec().loss().classification() != null)
            .mapToDouble(SearchWorld::ap)
            .max()
            .orElseThrow();
    assertEquals(best, status.best().getFirst().meanAP());
    assertEquals(world.revisions.size(), status.ledger().segments());
    world
        .trainings
        .values()
        .forEach(training -> assertEquals(List.of(), training.getMetadata().getFinalizers()));
  }

  @Test
  void neverMoreAtWorkThanAllowed() {
    SearchWorld world = world();
    world.step();
    assertEquals(2, world.trainings.size());
    world.blindToTrainings = true;
    world.step();
    assertEquals(2, world.trainings.size(), "a cache that lags makes no training twice");
    world.blindToTrainings = false;
    world.finishOne();
    world.step();
    assertEquals(3, world.trainings.size());
  }

  /** A crash before and after every write, each followed by a restart that knows nothing. */
  @Test
  void aCrashAnywhereEndsInTheSamePopulation() {
    SearchWorld undisturbed = world();
    undisturbed.run();
    for (int crash = 0; crash < undisturbed.writes; crash++) {
      for (boolean before : new boolean[] {true, false}) {
        SearchWorld disturbed = world();
        disturbed.crashBefore = before ? crash : -1;
        disturbed.crashAfter = before ? -1 : crash;
        disturbed.run();
        String story = "crash " + (before ? "before" : "after") + " write " + crash;
        assertEquals(specs(undisturbed), specs(disturbed), story);
        assertEquals(
            undisturbed.search.getStatus().best(), disturbed.search.getStatus().best(), story);
        assertEquals(SearchPhase.COMPLETE, disturbed.search.getStatus().state(), story);
        assertEquals(
            new HashSet<>(disturbed.made).size(), disturbed.made.size(), story + ": made twice");
      }
    }
  }

  /** As above, where many trainings are made side by side, the last of them first. */
  @Test
  void aCrashAmongTrainingsThatAreMadeSideBySideSkipsNone() {
    SearchWorld undisturbed = new SearchWorld(Samples.search("burst", 1, 8, 8));
    undisturbed.run();
    for (int crash = 0; crash < undisturbed.writes; crash++) {
      SearchWorld disturbed = new SearchWorld(Samples.search("burst", 1, 8, 8));
      disturbed.crashAfter = crash;
      disturbed.run();
      String story = "crash after write " + crash;
      assertEquals(specs(undisturbed), specs(disturbed), story);
      assertEquals(0, disturbed.search.getStatus().trials().skipped(), story);
      assertEquals(9, disturbed.search.getStatus().trials().scored(), story);
      assertEquals(
          new HashSet<>(disturbed.made).size(), disturbed.made.size(), story + ": made twice");
    }
  }

  private static Map<String, Object> specs(SearchWorld world) {
    var specs = new LinkedHashMap<String, Object>();
    world.trainings.forEach((name, training) -> specs.put(name, training.getSpec()));
    return specs;
  }

  @Test
  void aCrashBetweenSegmentAndStatusIsAdopted() {
    SearchWorld world = world();
    world.step();
    var early = world.search.getStatus();
    world.finishOne();
    world.step();
    world.search.setStatus(early);
    world.restart();
    world.step();
    assertEquals("True LedgerVerified", condition(world, "LedgerHealthy"));
    assertEquals(world.revisions.size(), world.search.getStatus().ledger().segments());
  }

  @Test
  void aCacheThatLagsIsNoDamage() {
    SearchWorld world = world();
    world.step();
    world.finishOne();
    world.step();
    world.blindToSegments = true;
    assertInstanceOf(StepResult.Taken.class, world.step());
    world.restart();
    assertInstanceOf(StepResult.Taken.class, world.step());
  }

  @Test
  void aMissingLedgerStopsTheSearch() {
    SearchWorld world = world();
    world.step();
    world.finishOne();
    world.step();
    String newest = List.copyOf(world.revisions.keySet()).getLast();
    ControllerRevision removed = world.revisions.remove(newest);
    int before = world.log.size();
    assertInstanceOf(StepResult.Damaged.class, world.step());
    assertEquals("False LedgerDamaged", condition(world, "LedgerHealthy"));
    assertEquals(SearchPhase.FAILED, world.search.getStatus().state());
    world.restart();
    world.finishOne();
    assertInstanceOf(StepResult.Damaged.class, world.step());
    assertEquals(
        List.of("status"), world.log.subList(before, world.log.size()), "nothing else is written");
    world.revisions.put(newest, removed);
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state(), "mended, it goes on");
  }

  @Test
  void noLedgerButTrainingsIsNoNewSearch() {
    SearchWorld world = world();
    world.step();
    world.revisions.clear();
    world.search.setStatus(null);
    world.restart();
    var damaged = assertInstanceOf(StepResult.Damaged.class, world.step());
    assertTrue(damaged.line().contains("segment 1"), damaged.line());
  }

  @Test
  void aSegmentOfAnotherOperatorIsAConcurrentWriter() {
    SearchWorld world = world();
    world.step();
    SearchWorld other = world();
    other.step();
    other.finish(other.training(new SearchWorld.TrialName("g0-c0-p0")), Outcome.DIVERGED, 0);
    other.step();
    world.finish(world.training(new SearchWorld.TrialName("g0-c0-p0")), Outcome.SCORED, 0.5);
    String name = List.copyOf(other.revisions.keySet()).getLast();
    List<ControllerRevision> seen = List.copyOf(world.revisions.values());
    world.revisions.put(name, other.revisions.get(name));
    var sight = new SearchStep.Sight(seen, world.trainings.values(), world.known);
    org.junit.jupiter.api.Assertions.assertThrows(
        ConcurrentWriterException.class,
        () -> new SearchStep(world.search, world, false, world.now).take(sight));
    world.step();
    assertInstanceOf(
        TrialOutcome.Diverged.class,
        world.known.state().outcome(dev.autoloss.search.TrialId.parse("g0-c0-p0")).orElseThrow(),
        "decided anew: the first record stands");
  }

  @Test
  void aForeignSegmentUnderOurNameIsDamage() {
    SearchWorld world = world();
    SearchWorld other = world();
    other.step();
    String name = List.copyOf(other.revisions.keySet()).getFirst();
    ControllerRevision foreign =
        new ControllerRevisionBuilder(other.revisions.get(name))
            .editMetadata()
            .withOwnerReferences(List.of())
            .endMetadata()
            .build();
    world.revisions.put(name, foreign);
    assertInstanceOf(StepResult.Damaged.class, world.step());
    assertEquals(Map.of(), world.trainings);
  }

  @Test
  void aDeletedTrainingIsSkippedAndNotMadeAgain() {
    SearchWorld world = world();
    world.step();
    String first = List.copyOf(world.trainings.keySet()).getFirst();
    world.deleteByUser(first);
    assertTrue(world.trainings.containsKey(first), "the finalizer keeps it");
    world.step();
    assertFalse(world.trainings.containsKey(first));
    world.run();
    assertEquals(1, world.made.stream().filter(first::equals).count());
    assertEquals(1, world.search.getStatus().trials().skipped());
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }

  @Test
  void aTrainingTakenAwayByForceIsSkippedAndNotMadeAgain() {
    SearchWorld world = world();
    world.step();
    String first = List.copyOf(world.trainings.keySet()).getFirst();
    world.trainings.remove(first);
    world.restart();
    world.run();
    assertEquals(1, world.made.stream().filter(first::equals).count());
    assertEquals(1, world.search.getStatus().trials().skipped());
  }

  @Test
  void aResultOfADeletedTrainingCounts() {
    SearchWorld world = world();
    world.step();
    DetectorTraining first = List.copyOf(world.trainings.values()).getFirst();
    world.finish(first, Outcome.SCORED, 0.5);
    world.deleteByUser(first.getMetadata().getName());
    world.run();
    assertEquals(0, world.search.getStatus().trials().skipped());
    assertEquals(TRIALS, world.search.getStatus().trials().scored());
  }

  @Test
  void lostTrialsAreBorne() {
    SearchWorld world = world();
    world.step();
    world.finish(world.training(new SearchWorld.TrialName("g1-c0-p0")), Outcome.LOST, 0);
    world.run();
    assertEquals(1, world.search.getStatus().trials().lost());
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }

  @Test
  void wrongDataStopsTheSearchForGood() {
    SearchWorld world = world();
    world.step();
    DetectorTraining first = List.copyOf(world.trainings.values()).getFirst();
    world.fail(first, "train.json: not COCO");
    world.step();
    assertEquals("True TrialInvalid", condition(world, "Failed"));
    assertTrue(message(world, "Failed").endsWith("train.json: not COCO"));
    assertEquals(SearchPhase.FAILED, world.search.getStatus().state());
    assertEquals(2, world.trainings.size());
    world.run();
    assertEquals(2, world.trainings.size(), "no new trial, but the running one is recorded");
    assertEquals(1, world.search.getStatus().trials().scored());
    world.deleteByUser(first.getMetadata().getName());
    world.restart();
    world.run();
    assertEquals("True TrialInvalid", condition(world, "Failed"));
    assertEquals(1, world.trainings.size(), "stays so when the trial is deleted");
  }

  @Test
  void aTakenNameStopsTheTrialsBehindIt() {
    SearchWorld world = world();
    DetectorTraining foreign =
        Samples.training(new SearchWorld.TrialName("g0-c0-p0").of(world.search));
    world.trainings.put(foreign.getMetadata().getName(), foreign);
    world.step();
    assertEquals("False NameConflict", condition(world, "Progressing"));
    assertTrue(message(world, "Progressing").contains(foreign.getMetadata().getName()));
    assertEquals(1, world.trainings.size());
    world.trainings.clear();
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }

  @Test
  void suspendingHoldsTrainingsAndMakesNone() {
    for (SuspendPolicy policy : SuspendPolicy.values()) {
      SearchWorld world = world();
      world.step();
      world.search.setSpec(with(world.search, true, policy));
      world.step();
      String word = policy == SuspendPolicy.STOP ? "Stop" : "Drain";
      world
          .trainings
          .values()
          .forEach(one -> assertEquals(word, one.getMetadata().getAnnotations().get(Labels.HOLD)));
      assertEquals(SearchPhase.SUSPENDED, world.search.getStatus().state());
      assertEquals("True SuspendRequested", condition(world, "Suspended"));
      world.finishOne();
      world.run();
      assertEquals(2, world.trainings.size(), "results are recorded, no trial starts");
      world.search.setSpec(with(world.search, false, policy));
      world.run();
      assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
      assertEquals("False NotSuspended", condition(world, "Suspended"));
    }
  }

  /** What comes next does not wait until hundreds of recorded trainings are let go. */
  @Test
  void aStepLetsGoOfSomeAndTheNextOfTheRest() {
    SearchWorld world = new SearchWorld(Samples.search("many", 2, 60, 60));
    world.step();
    world.finishOne();
    world.step();
    assertEquals(61, world.trainings.size(), "the default pair's and the first generation's");
    while (world.finishOne()) {}
    for (long held : new long[] {44, 28, 12}) {
      var taken = (StepResult.Taken) world.step();
      assertEquals(Optional.of(world.now), taken.ahead());
      assertEquals(held, held(world, 1), "16 more of 60 are let go");
      assertEquals(60, held(world, 2), "the next generation stands all the same");
    }
    var taken = (StepResult.Taken) world.step();
    assertEquals(
        Optional.of(world.now.plus(Duration.ofMinutes(5))),
        taken.ahead(),
        "only the removal of Jobs is left");
    assertEquals(0, held(world, 1));
  }

  private static long held(SearchWorld world, int generation) {
    return world.trainings.values().stream()
        .filter(
            one ->
                one.getMetadata().getLabels().get(Labels.GENERATION).equals("" + generation)
                    && one.getMetadata().getFinalizers().contains(Labels.RESULT_FINALIZER))
        .count();
  }

  @Test
  void retentionDecidesWhichJobsMayGo() {
    for (JobRetention retain : JobRetention.values()) {
      SearchWorld world = world();
      world.search.setSpec(
          Samples.changed(
              world.search.getSpec(), "trials: {retain: " + Conditions.camelCase(retain) + "}"));
      world.step();
      var names = List.copyOf(world.trainings.keySet());
      world.finish(world.trainings.get(names.get(0)), Outcome.SCORED, 0.5);
      world.finish(world.trainings.get(names.get(1)), Outcome.DIVERGED, 0);
      world.step();
      assertEquals(retain != JobRetention.ALL, expires(world, names.get(0)), "scored, " + retain);
      assertEquals(
          retain == JobRetention.NOTHING, expires(world, names.get(1)), "failed, " + retain);
    }
  }

  private static boolean expires(SearchWorld world, String name) {
    return "2026-01-01T00:05:00Z"
        .equals(world.trainings.get(name).getMetadata().getAnnotations().get(Labels.JOBS_EXPIRE));
  }

  private static int told(SearchWorld world, String reason) {
    return world.notices.stream()
        .filter(notice -> reason.equals(notice.reason()))
        .mapToInt(notice -> notice.message().split(", g").length)
        .sum();
  }

  @Test
  void noticesTellTheStoryOnce() {
    SearchWorld world = world();
    world.run();
    var reasons = world.notices.stream().map(notice -> notice.reason()).toList();
    assertEquals(TRIALS, told(world, "TrialStarted"));
    assertEquals(TRIALS, told(world, "ResultRecorded"));
    assertEquals(3, reasons.stream().filter("GenerationProposed"::equals).count());
  }
}
