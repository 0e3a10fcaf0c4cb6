package dev.autoloss.operator.losssearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.operator.Samples;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusPaceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final SearchWorld world = new SearchWorld(Samples.search("quickstart", 2, 3, 2));
  private final StatusPace pace = new StatusPace();

  private Duration wait(LossSearchStatus fresh, long seconds) {
    return pace.wait(world.search, fresh, NOW.plusSeconds(seconds));
  }

  @Test
  void resultsWaitTwoSecondsAndWhatPeopleWaitForNotAtAll() {
    world.step();
    LossSearchStatus first = world.search.getStatus();
    world.finishOne();
    world.step();
    LossSearchStatus second = world.search.getStatus();
    world.search.setStatus(null);
    assertEquals(Duration.ZERO, wait(first, 0), "the first");
    pace.wrote(world.search, NOW);
    world.search.setStatus(first);
    // The first result pins the data, which is told at once.
    assertEquals(Duration.ZERO, wait(second, 0));
    world.search.setStatus(second);
    world.finishOne();
    world.step();
    LossSearchStatus third = world.search.getStatus();
    world.search.setStatus(second);
    assertEquals(Duration.ofSeconds(2), wait(third, 0));
    assertEquals(Duration.ofSeconds(1), wait(third, 1));
    assertEquals(Duration.ZERO, wait(third, 2));
    assertEquals(Duration.ZERO, wait(third, -3600), "a clock that went back");
    world.search.setStatus(third);
    world.run();
    LossSearchStatus complete = world.search.getStatus();
    world.search.setStatus(third);
    assertEquals(Duration.ZERO, wait(complete, 0), "the end");
    pace.forget(world.search.getMetadata().getUid());
    world.search.setStatus(second);
    assertEquals(Duration.ZERO, wait(third, 0), "after a restart");
  }

  /** What one trial costs of writes if trials come one by one, which is the dearest way. */
  @Test
  void aTrialCostsTheSearchAtMostFourWrites() {
    SearchWorld alone = new SearchWorld(Samples.search("alone", 2, 20, 1));
    alone.run();
    long trials = alone.trainings.size();
    assertEquals(41, trials);
    double perTrial = (double) alone.log.size() / trials;
    System.out.println(
        "Writes of a search a trial, one by one: " + perTrial + " " + alone.log.size());
    // Training, its release, a segment, a status; and a few for generations.
    assertTrue(perTrial <= 4.2, perTrial + " writes a trial");
  }
}
