package dev.autoloss.operator.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.api.Outcome;
import org.junit.jupiter.api.Test;

/** What a training costs of writes; its search adds four (see StatusPaceTest). */
class WritesTest {
  private final World world = new World();

  @Test
  void aPodThatStartsSoonCostsThree() {
    world.settle();
    world.now = world.now.plusSeconds(2);
    world.settle();
    world.run();
    world.settle();
    world.now = world.now.plusSeconds(100);
    world.settle();
    world.exit(0, world.result("0.5"));
    assertEquals(Outcome.SCORED, world.settle().outcome());
    assertEquals(3, world.writes, "Job, Running, Finished");
  }

  @Test
  void aPodThatWaitsCostsFourHoweverLong() {
    world.settle();
    for (int i = 0; i < 50; i++) {
      world.now = world.now.plusSeconds(10);
      world.settle();
    }
    world.run();
    world.settle();
    world.exit(0, world.result("0.5"));
    world.settle();
    assertEquals(4, world.writes, "Job, Pending, Running, Finished");
  }

  @Test
  void aTrainerThatIsDoneBeforeItWasSeenCostsTwo() {
    world.settle();
    world.exit(0, world.result("0.5"));
    world.settle();
    assertEquals(2, world.writes);
  }
}
