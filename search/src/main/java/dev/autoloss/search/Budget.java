package dev.autoloss.search;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a search may spend. It decides only whether a training may start, never what is proposed:
 * with a raised budget the search goes on as if it had never been spent.
 *
 * @param acceleratorSeconds seconds of all devices together; empty for any
 * @param trainings trainings that may start; empty for any
 * @param wallClockSeconds time since the search was created; empty for any
 */
public record Budget(
    OptionalLong acceleratorSeconds, OptionalLong trainings, OptionalLong wallClockSeconds) {
  /**
   * What was spent, as it is observed.
   *
   * @param acceleratorSeconds seconds of all devices together
   * @param trainings trainings that were started
   * @param wallClockSeconds time since the search was created
   */
  public record Spent(double acceleratorSeconds, long trainings, double wallClockSeconds) {}

  /**
   * How many trainings may start.
   *
   * @param spent what was spent
   * @return at least 0; {@code Long.MAX_VALUE} for any number
   */
  public long startable(Spent spent) {
    boolean time =
        within(acceleratorSeconds, spent.acceleratorSeconds())
            && within(wallClockSeconds, spent.wallClockSeconds());
    return time
        ? trainings.isEmpty()
            ? Long.MAX_VALUE
            : Math.max(0, trainings.getAsLong() - spent.trainings())
        : 0;
  }

  /**
   * Says which part of it is spent.
   *
   * @param spent what was spent
   * @return a line with the field and both numbers; empty if trainings may start
   */
  public Optional<String> exhausted(Spent spent) {
    if (!within(acceleratorSeconds, spent.acceleratorSeconds())) {
      return line("acceleratorSeconds", acceleratorSeconds, spent.acceleratorSeconds());
    }
    if (!within(trainings, (double) spent.trainings())) {
      return line("trainings", trainings, (double) spent.trainings());
    }
    return within(wallClockSeconds, spent.wallClockSeconds())
        ? Optional.empty()
        : line("wallClockSeconds", wallClockSeconds, spent.wallClockSeconds());
  }

  private static boolean within(OptionalLong most, double spent) {
    return most.isEmpty() || spent < most.getAsLong();
  }

  private static Optional<String> line(String field, OptionalLong most, double spent) {
    return Optional.of(
        "budget.%s: %d are spent, the budget is %d"
            .formatted(field, (long) spent, most.getAsLong()));
  }
}
