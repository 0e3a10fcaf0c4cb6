package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.Split;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.TrialId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A search through all of its stages. */
class SearchStagesTest {
  private static final String STAGES =
      """
      dataset:
        source: {shapes: null, nfs: {server: files, path: /data}}
        train: {annotations: a.json, images: a}
        validation: {annotations: b.json, images: b}
        test: {annotations: c.json, images: c}
      evolution: {simulated: 5, racing: 0.5, replicates: 2, controls: [DoubleBoxWeight, HalfLearningRate, CsePair]}
      simulation:
        imagesPerCategory: 2
        minAP: 0.3
        schedule:
          epochs: 30
          batchSize: 2
          learningRate: 0.5
          momentum: 0.9
          weightDecay: 0
          warmUp: {iterations: 0, ratio: 1}
          steps: []
          gamma: 0.1
          resize: {shortSide: 96, longSide: 96}
          flip: 0
      finalists: {count: 1, seeds: 3, controls: 1}
      """;

  private static SearchWorld world(String... changes) {
    LossSearch search = Samples.search("stages", 2, 3, 2);
    for (String change : changes) {
      search.setSpec(Samples.changed(search.getSpec(), change));
    }
    return new SearchWorld(search);
  }

  static SearchWorld staged() {
    return world(STAGES);
  }

  private static DetectorTrainingSpec spec(SearchWorld world, String trial) {
    return world.training(new SearchWorld.TrialName(trial)).getSpec();
  }

  @Test
  void aSearchClimbsFromTheSimulationToAVerdict() {
    SearchWorld world = staged();
    world.run();
    var status = world.search.getStatus();
    assertEquals(SearchPhase.COMPLETE, status.state(), status.toString());
    assertEquals(5, status.funnel().simulated());
    assertTrue(status.funnel().passed() < 5, "some fall: " + status.funnel());
    assertTrue(status.funnel().trained() <= status.funnel().passed());
    assertEquals(3, status.controls().size());
    assertEquals("Confirmed,NotConfirmed".contains(status.verdict().result()), true);
    assertEquals(3, status.verdict().n());
    assertEquals(status.finals().size(), 3, "a loss, the default pair and a control");
    Map<String, Long> stages = new LinkedHashMap<>();
    world
        .trainings
        .values()
        .forEach(
            one -> stages.merge(one.getMetadata().getLabels().get(Labels.STAGE), 1L, Long::sum));
    assertEquals(10, stages.get("simulation"));
    assertEquals(9, stages.get("final"));
    assertEquals(9, stages.get("test"));
  }

  @Test
  void eachStageHasItsOwnDataScheduleAndSeed() {
    SearchWorld world = staged();
    world.run();
    DetectorTrainingSpec simulation = spec(world, "g1-c0-s");
    assertEquals(Split.TRAIN, simulation.evaluateOn());
    assertEquals(2, simulation.dataset().subset().imagesPerCategory());
    assertEquals(0.3, simulation.acceptance().minAP());
    assertEquals(30, simulation.schedule().epochs());
    DetectorTrainingSpec proxy = spec(world, "g0-c0-p0");
    assertEquals(Split.VALIDATION, proxy.evaluateOn());
    assertNull(proxy.dataset().subset());
    assertNull(proxy.dataset().test(), "images of the verdict are not even named");
    assertNull(proxy.loss().regression());
    assertEquals(AreaUnits.NATIVE, proxy.loss().areaUnits());
    DetectorTrainingSpec weight = spec(world, "g0-c1-p1");
    assertEquals(new LossTerm("GIoU", null, 2), weight.loss().regression());
    assertNull(weight.loss().classification());
    DetectorTrainingSpec rate = spec(world, "g0-c2-p0");
    assertEquals(proxy.schedule().learningRate() / 2, rate.schedule().learningRate());
    DetectorTrainingSpec last = spec(world, "g0-c0-f0");
    assertEquals(Split.VALIDATION, last.evaluateOn());
    DetectorTrainingSpec test = spec(world, "g0-c0-t0");
    assertEquals(Split.TEST, test.evaluateOn());
    assertEquals("c.json", test.dataset().test().annotations());
    var seeds = List.of(simulation.seed(), proxy.seed(), last.seed(), test.seed());
    assertEquals(4, new HashSet<>(seeds).size(), seeds.toString());
  }

  /** A crash before and after writes all over the search, each followed by a restart. */
  @Test
  void aCrashAnywhereEndsInTheSameSearch() {
    SearchWorld undisturbed = staged();
    undisturbed.run();
    for (int crash = 0; crash < undisturbed.writes; crash += 7) {
      for (boolean before : new boolean[] {true, false}) {
        SearchWorld disturbed = staged();
        disturbed.crashBefore = before ? crash : -1;
        disturbed.crashAfter = before ? -1 : crash;
        disturbed.run();
        String story = "crash " + (before ? "before" : "after") + " write " + crash;
        assertEquals(specs(undisturbed), specs(disturbed), story);
        assertEquals(
            undisturbed.search.getStatus().verdict(),
            disturbed.search.getStatus().verdict(),
            story);
        assertEquals(
            new HashSet<>(disturbed.made).size(), disturbed.made.size(), story + ": made twice");
      }
    }
  }

  private static Map<String, Object> specs(SearchWorld world) {
    var specs = new LinkedHashMap<String, Object>();
    world.trainings.forEach((name, training) -> specs.put(name, training.getSpec()));
    return specs;
  }

  /** Taken away by force, without its finalizer: in whichever stage, it is not made again. */
  @Test
  void aTrainingThatVanishedInAnyStageIsSkipped() {
    for (String gone : List.of("g1-c1-s", "g1-c0-p0", "g0-c0-f0", "g0-c0-t1")) {
      SearchWorld world = staged();
      for (int round = 0; round < 500; round++) {
        world.step();
        DetectorTraining training = world.training(new SearchWorld.TrialName(gone));
        boolean others =
            world.trainings.size() > 1
                && training != null
                && List.copyOf(world.made).getLast().equals(training.getMetadata().getName());
        if (training != null && training.getStatus() == null && !others) {
          world.trainings.remove(training.getMetadata().getName());
          world.run();
          assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state(), gone);
          assertEquals(1, world.search.getStatus().trials().skipped(), gone);
          assertEquals(
              "Skipped[]",
              world.known.state().outcome(TrialId.parse(gone)).orElseThrow().toString());
          break;
        }
        finishAnother(world, gone);
      }
      assertNull(world.training(new SearchWorld.TrialName(gone)), gone);
    }
  }

  private static void finishAnother(SearchWorld world, String kept) {
    world.trainings.values().stream()
        .filter(one -> one.getStatus() == null)
        .filter(one -> !kept.equals(one.getMetadata().getAnnotations().get(Labels.TRIAL)))
        .findFirst()
        .ifPresent(
            one ->
                world.finish(
                    one,
                    SearchWorld.ap(one) >= one.getSpec().acceptance().minAP()
                        ? Outcome.SCORED
                        : Outcome.REJECTED,
                    SearchWorld.ap(one)));
  }

  @Test
  void withoutImagesForItNothingIsConfirmed() {
    SearchWorld world =
        world("finalists: {count: 2, seeds: 3, controls: 0}", "evolution: {controls: []}");
    world.run();
    var status = world.search.getStatus();
    assertEquals("Unconfirmed", status.verdict().result());
    assertTrue(status.verdict().message().contains("dataset.test"), status.verdict().message());
    assertEquals(3, status.finals().size());
    assertNull(status.controls());
  }

  @Test
  void withFinalistsAllControlsAreTrainedUnlessTheUserChooses() throws InvalidSpecException {
    LossSearch search = Samples.search("s", 1, 2, 2);
    assertEquals(0, SearchSpecs.of(search).procedure().controls().size());
    search.setSpec(
        Samples.changed(search.getSpec(), "finalists: {count: 1, seeds: 2, controls: 2}"));
    assertEquals(9, SearchSpecs.of(search).procedure().controls().size());
  }

  @Test
  void aSpentBudgetStartsNothingAndARaisedOneGoesOn() {
    SearchWorld world = world("budget: {trainings: 4}");
    world.run();
    assertEquals(4, world.trainings.size());
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    var complete = Conditions.find(world.search.getStatus().conditions(), "Complete").orElseThrow();
    assertEquals("BudgetSpent", complete.getReason());
    assertEquals("budget.trainings: 4 are spent, the budget is 4", complete.getMessage());
    world.search.setSpec(Samples.changed(world.search.getSpec(), "budget: {trainings: 100}"));
    world.run();
    SearchWorld unlimited = world();
    unlimited.run();
    assertEquals(specs(unlimited), specs(world), "as if it had never been spent");
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(
        "GenerationsSealed",
        Conditions.find(world.search.getStatus().conditions(), "Complete")
            .orElseThrow()
            .getReason());
  }

  @Test
  void timeIsABudgetToo() {
    SearchWorld world = world("budget: {wallClockSeconds: 60}");
    world.search.getMetadata().setCreationTimestamp(world.now.toString());
    world.step();
    assertEquals(2, world.trainings.size());
    world.now = world.now.plus(Duration.ofSeconds(61));
    world.finishOne();
    world.step();
    assertEquals(2, world.trainings.size(), "none is started");
    assertEquals(SearchPhase.RUNNING, world.search.getStatus().state(), "one is still at work");
    world.finishOne();
    world.step();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(2, world.search.getStatus().trials().scored(), "its result counts");
    SearchWorld devices =
        world("budget: {acceleratorSeconds: 20}", "training: {accelerator: {count: 1}}");
    devices.run();
    assertEquals(3, devices.trainings.size(), "10 seconds each, two at once");
  }

  @Test
  void generationsThatBringNothingBetterEndTheSearch() {
    SearchWorld world = world("evolution: {generations: 9}", "stop: {noImprovementGenerations: 1}");
    world.run();
    var complete = Conditions.find(world.search.getStatus().conditions(), "Complete").orElseThrow();
    assertEquals("NoImprovement", complete.getReason());
    assertTrue(world.search.getStatus().generation() < 9);
  }

  @Test
  void calibratedWeightsAreInTheLedgerAndTrainedWith() {
    SearchWorld world = world("space: {calibrate: true, areaUnits: TargetNormalized}");
    world.run();
    for (var candidate : world.known.state().candidates().values()) {
      DetectorTrainingSpec spec = spec(world, TrialId.proxy(candidate.id(), 0).toString());
      assertEquals(AreaUnits.TARGET_NORMALIZED, spec.loss().areaUnits());
      if (candidate.id().generation() > 0) {
        assertEquals(candidate.scaling().regression(), spec.loss().regression().weight());
        assertEquals(candidate.scaling().classification(), spec.loss().classification().weight());
      }
    }
    assertTrue(
        world.known.state().candidates().values().stream()
            .anyMatch(candidate -> Math.abs(candidate.scaling().regression() - 1) > 0.01));
    assertEquals(
        1,
        world
            .known
            .state()
            .candidates()
            .get(TrialId.parse("g1-c0-p0").candidate())
            .scaling()
            .regression(),
        1e-12,
        "GIoU weighs what GIoU weighs");
  }
}
