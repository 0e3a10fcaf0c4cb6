package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Pin;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Image and data are pinned by the first results. */
class ProvenanceTest {
  private static final String ONE = "registry.example/trainer@sha256:1111";
  private static final String TWO = "registry.example/trainer@sha256:2222";

  private static SearchWorld world() {
    SearchWorld world = new SearchWorld(Samples.search("pinned", 2, 3, 2));
    world.image = ONE;
    return world;
  }

  private static DetectorTraining finishFirst(SearchWorld world) {
    DetectorTraining training =
        world.trainings.values().stream()
            .filter(one -> one.getStatus() == null)
            .findFirst()
            .orElseThrow();
    world.finish(training, Outcome.SCORED, 0.5);
    return training;
  }

  private static String trial(DetectorTraining training) {
    return training.getMetadata().getAnnotations().get(Labels.TRIAL);
  }

  private static String failed(SearchWorld world) {
    return Conditions.find(world.search.getStatus().conditions(), "Failed")
        .map(one -> one.getReason() + " " + one.getMessage())
        .orElse("");
  }

  @Test
  void theFirstResultPinsAndEqualOnesGoOn() {
    SearchWorld world = world();
    world.step();
    assertEquals(null, world.search.getStatus().pinned());
    String first = trial(finishFirst(world));
    world.step();
    assertEquals(
        List.of(new Pin("Image", ONE, first), new Pin("ValidationData", "d", first)),
        world.search.getStatus().pinned());
    // The same digest as another runtime tells it.
    world.image = "sha256:1111";
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
    assertEquals(ONE, world.search.getStatus().pinned().getFirst().digest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ImageChanged", "DatasetChanged"})
  void aLaterDifferenceEndsTheSearchWithBothDigestsAndTheTrial(String reason) {
    SearchWorld world = world();
    world.step();
    String first = trial(finishFirst(world));
    world.step();
    boolean image = reason.equals("ImageChanged");
    if (image) {
      world.image = TWO;
    } else {
      world.data = _ -> "e";
    }
    String other = trial(finishFirst(world));
    world.step();
    String failed = failed(world);
    assertTrue(failed.startsWith(reason + " trial " + other), failed);
    for (String part : image ? List.of(ONE, TWO, first) : List.of("digest e", "read d", first)) {
      assertTrue(failed.contains(part), failed);
    }
    assertEquals(SearchPhase.FAILED, world.search.getStatus().state());
    int made = world.made.size();
    world.run();
    long trainings = world.made.stream().filter(name -> name.contains("-g")).count();
    assertEquals(3, trainings, "nothing new is tried, what is at work may end: " + made);
    assertEquals(3, world.search.getStatus().trials().scored(), "and is recorded");
  }

  /** Neither the status nor the trainings are needed to know it again. */
  @Test
  void theLedgerAloneTellsItAfterARestart() {
    SearchWorld world = world();
    world.step();
    finishFirst(world);
    world.step();
    world.data = _ -> "e";
    finishFirst(world);
    world.step();
    String failed = failed(world);
    var pinned = world.search.getStatus().pinned();
    for (DetectorTraining training : List.copyOf(world.trainings.values())) {
      if (training.getStatus() != null) {
        world.trainings.remove(training.getMetadata().getName());
      }
    }
    world.search.setStatus(null);
    world.restart();
    world.step();
    assertEquals(failed, failed(world));
    assertEquals(pinned, world.search.getStatus().pinned());
  }

  @Test
  void aCrashAnywhereAroundTheDifferenceEndsTheSame() {
    String expected = differing(world());
    for (int write = 0; write < 40; write++) {
      for (boolean before : new boolean[] {true, false}) {
        SearchWorld world = world();
        world.crashBefore = before ? write : -1;
        world.crashAfter = before ? -1 : write;
        assertEquals(
            expected, differing(world), "crash " + (before ? "before " : "after ") + write);
      }
    }
  }

  /** The fourth training reads other data. */
  private static String differing(SearchWorld world) {
    var order = new TreeMap<String, Integer>();
    world.data =
        training -> order.computeIfAbsent(trial(training), _ -> order.size()) < 3 ? "d" : "e";
    world.run();
    return failed(world).substring(0, "DatasetChanged".length())
        + world.search.getStatus().trials()
        + world.search.getStatus().pinned();
  }

  /** Simulations, proxies and the verdict read different images, and that is no change. */
  @Test
  void eachStageHasDataOfItsOwn() {
    SearchWorld world = SearchStagesTest.staged();
    world.data = training -> training.getSpec().evaluateOn().name();
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state(), failed(world));
    assertEquals(
        List.of("SimulationData", "ValidationData", "TestData"),
        world.search.getStatus().pinned().stream().map(Pin::what).toList());
  }
}
