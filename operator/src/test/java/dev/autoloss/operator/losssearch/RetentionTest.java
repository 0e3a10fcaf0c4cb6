package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Outcome;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.operator.Samples;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.search.TrialId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Trainings of past generations are removed once nobody needs them. */
class RetentionTest {
  private static SearchWorld world(String retain) {
    SearchWorld world = new SearchWorld(Samples.search("tidy", 4, 6, 3));
    world.search.setSpec(
        Samples.changed(
            world.search.getSpec(),
            "trials: {retain: %s, ttlSecondsAfterRecorded: 300}".formatted(retain)));
    return world;
  }

  /** One of each generation's trials brings no score. */
  private static void run(SearchWorld world) {
    world.step();
    for (int generation = 1; generation <= 4; generation++) {
      var name = new SearchWorld.TrialName("g" + generation + "-c1-p0");
      for (int i = 0; world.training(name) == null && i < 100; i++) {
        world.finishOne();
        world.step();
      }
      if (world.training(name).getStatus() == null) {
        world.finish(world.training(name), Outcome.DIVERGED, 0);
      }
    }
    world.run();
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }

  private static Set<String> trials(SearchWorld world) {
    return world.trainings.values().stream()
        .map(training -> training.getMetadata().getAnnotations().get(Labels.TRIAL))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> needed(SearchWorld world) {
    var state = world.known.state();
    var needed = new HashSet<String>(Set.of("g0-c0-p0"));
    world.search.getStatus().best().forEach(score -> needed.add(score.candidate() + "-p0"));
    state.survivors(4).forEach(id -> needed.add(id + "-p0"));
    return needed;
  }

  @Test
  void theBestAndTheFailedStayAndTheRestGoesAfterItsTime() {
    SearchWorld world = world("Failed");
    run(world);
    assertEquals(25, world.trainings.size(), "not before its time");
    var status = world.search.getStatus();
    world.now = world.now.plus(Duration.ofSeconds(299));
    world.step();
    assertEquals(25, world.trainings.size());
    world.now = world.now.plus(Duration.ofSeconds(1));
    var taken = (StepResult.Taken) world.step();
    assertEquals(Optional.empty(), taken.ahead(), "nothing is left for later");
    var expected = new TreeSet<>(needed(world));
    for (int generation = 1; generation <= 4; generation++) {
      expected.add("g" + generation + "-c1-p0");
    }
    assertEquals(expected, trials(world));
    world.step();
    assertEquals(status.trials(), world.search.getStatus().trials(), "no count has changed");
    assertEquals(status.acceleratorSeconds(), world.search.getStatus().acceleratorSeconds());
    assertEquals(status.funnel(), world.search.getStatus().funnel());
    assertEquals(status.best(), world.search.getStatus().best());
  }

  @Test
  void nothingKeptLeavesTheBestAndAllKeptLeavesAll() {
    for (String retain : List.of("Nothing", "All")) {
      SearchWorld world = world(retain);
      run(world);
      world.now = world.now.plus(Duration.ofDays(1));
      world.step();
      if (retain.equals("All")) {
        assertEquals(25, world.trainings.size());
      } else {
        assertEquals(new TreeSet<>(needed(world)), trials(world));
      }
    }
  }

  @Test
  void anOperatorThatKeepsTrainingsKeepsThemAll() {
    SearchWorld world = world("Nothing");
    world.keepsTrainings = true;
    run(world);
    world.now = world.now.plus(Duration.ofDays(1));
    world.step();
    assertEquals(25, world.trainings.size());
  }

  @Test
  void anOpenGenerationKeepsItsTrainings() {
    SearchWorld world = world("Nothing");
    world.step();
    for (int i = 0; i < 10; i++) {
      world.finishOne();
      world.step();
    }
    int generation = world.known.state().generation();
    world.now = world.now.plus(Duration.ofDays(1));
    world.step();
    assertTrue(
        trials(world).stream()
            .map(TrialId::parse)
            .filter(trial -> trial.candidate().generation() == generation)
            .allMatch(
                trial -> world.training(new SearchWorld.TrialName(trial.toString())) != null));
    assertTrue(
        world.made.stream().filter(name -> name.contains("-g" + generation + "-")).count()
            == trials(world).stream().filter(t -> t.startsWith("g" + generation + "-")).count());
  }

  /** Budgets count what was spent, whether its trainings are there or not. */
  @Test
  void whatIsGoneIsNotUnspent() {
    SearchWorld kept = accelerated("All");
    SearchWorld gone = accelerated("Nothing");
    run(kept);
    run(gone);
    gone.now = gone.now.plus(Duration.ofDays(1));
    gone.step();
    gone.restart();
    gone.step();
    assertTrue(gone.trainings.size() < kept.trainings.size());
    assertEquals(
        kept.search.getStatus().acceleratorSeconds(), gone.search.getStatus().acceleratorSeconds());
    // 21 of 25 were scored, in 10 s on 2 devices each.
    assertEquals(420, gone.search.getStatus().acceleratorSeconds().useful(), 1e-9);
    gone.search.setSpec(Samples.changed(gone.search.getSpec(), "evolution: {generations: 5}"));
    gone.search.setSpec(
        Samples.changed(gone.search.getSpec(), "budget: {acceleratorSeconds: 100}"));
    int made = gone.made.size();
    gone.run();
    assertEquals(made + segments(gone, made), gone.made.size(), "spent is spent");
  }

  private static long segments(SearchWorld world, int from) {
    return world.made.stream().skip(from).filter(name -> name.matches(".*-l\\d+")).count();
  }

  private static SearchWorld accelerated(String retain) {
    SearchWorld world = world(retain);
    world.search.setSpec(
        Samples.changed(world.search.getSpec(), "training: {accelerator: {count: 2}}"));
    return world;
  }

  /** Time passes between all writes, so that removals happen all along; none is made again. */
  @Test
  void aCrashAroundAnyRemovalMakesNothingAgain() {
    SearchWorld undisturbed = world("Nothing");
    hasty(undisturbed);
    assertTrue(undisturbed.removed.size() > 10, undisturbed.removed.toString());
    for (int crash = 0; crash < undisturbed.writes; crash++) {
      for (boolean before : new boolean[] {true, false}) {
        SearchWorld disturbed = world("Nothing");
        disturbed.crashBefore = before ? crash : -1;
        disturbed.crashAfter = before ? -1 : crash;
        hasty(disturbed);
        String story = "crash " + (before ? "before" : "after") + " write " + crash;
        assertEquals(trials(undisturbed), trials(disturbed), story);
        assertEquals(
            new HashSet<>(disturbed.made).size(), disturbed.made.size(), story + ": made twice");
        assertEquals(
            undisturbed.search.getStatus().best(), disturbed.search.getStatus().best(), story);
        assertEquals(0, disturbed.search.getStatus().trials().skipped(), story);
      }
    }
  }

  private static void hasty(SearchWorld world) {
    world.search.setSpec(
        Samples.changed(world.search.getSpec(), "trials: {ttlSecondsAfterRecorded: 0}"));
    world.run();
    for (int i = 0; i < 3; i++) {
      try {
        world.step();
      } catch (SearchWorld.Crash crash) {
        world.restart();
      }
    }
    assertFalse(world.trainings.isEmpty());
    assertEquals(SearchPhase.COMPLETE, world.search.getStatus().state());
  }
}
