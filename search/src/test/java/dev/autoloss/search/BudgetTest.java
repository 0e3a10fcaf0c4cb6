package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final OptionalLong ANY = OptionalLong.empty();

  @Test
  void withoutANumberEverythingMayStart() {
    var budget = new Budget(ANY, ANY, ANY);
    var spent = new Budget.Spent(1e12, Long.MAX_VALUE, 1e12);
    assertEquals(Long.MAX_VALUE, budget.startable(spent));
    assertEquals(Optional.empty(), budget.exhausted(spent));
  }

  @Test
  void eachPartStopsAtItsNumber() {
    var trainings = new Budget(ANY, OptionalLong.of(10), ANY);
    assertEquals(3, trainings.startable(new Budget.Spent(0, 7, 0)));
    assertEquals(0, trainings.startable(new Budget.Spent(0, 10, 0)));
    assertEquals(0, trainings.startable(new Budget.Spent(0, 12, 0)), "a lowered budget");
    assertEquals(
        Optional.of("budget.trainings: 12 are spent, the budget is 10"),
        trainings.exhausted(new Budget.Spent(0, 12, 0)));
    var seconds = new Budget(OptionalLong.of(60), OptionalLong.of(10), OptionalLong.of(100));
    assertEquals(3, seconds.startable(new Budget.Spent(59.9, 7, 99.9)));
    assertEquals(0, seconds.startable(new Budget.Spent(60, 7, 0)));
    assertEquals(0, seconds.startable(new Budget.Spent(0, 7, 100)));
    assertEquals(
        Optional.of("budget.acceleratorSeconds: 60 are spent, the budget is 60"),
        seconds.exhausted(new Budget.Spent(60, 7, 100)));
    assertEquals(
        Optional.of("budget.wallClockSeconds: 100 are spent, the budget is 100"),
        seconds.exhausted(new Budget.Spent(0, 7, 100)));
  }
}
