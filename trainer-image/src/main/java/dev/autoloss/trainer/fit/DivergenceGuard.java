package dev.autoloss.trainer.fit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says when a training is lost: its loss or gradients are no numbers, or its loss exploded.
 *
 * <p>Losses may be negative (the published CSE-Autoloss-B for boxes is about −3 at its best), so
 * only their size counts: the mean of the last {@value #WINDOW} losses may not exceed {@value
 * #FACTOR} times {@code max(1, mean size of the first} {@value #WINDOW} {@code losses)}, in either
 * direction. A loss without a lower bound is caught by this too.
 */
final class DivergenceGuard {
  private static final int WINDOW = 10;
  private static final double FACTOR = 100;

  private final double[] recent = new double[WINDOW];
  private double firstSize;
  private int steps;

  /** What it has seen, as a text. */
  String state() {
    return steps
        + " "
        + firstSize
        + " "
        + Arrays.stream(recent).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }

  /**
   * A guard that has seen the same.
   *
   * @param state of {@link #state()}
   */
  static DivergenceGuard of(String state) {
    String[] numbers = state.split(" ", -1);
    var guard = new DivergenceGuard();
    guard.steps = Integer.parseInt(numbers[0]);
    guard.firstSize = Double.parseDouble(numbers[1]);
    for (int i = 0; i < WINDOW; i++) {
      guard.recent[i] = Double.parseDouble(numbers[i + 2]);
    }
    return guard;
  }

  /**
   * Looks at a step, before the parameters are moved.
   *
   * @return the reason, in one line, if the training is lost
   */
  Optional<String> check(double loss, double gradientNorm) {
    steps++;
    if (!Double.isFinite(loss)) {
      return lost("the loss is " + loss);
    }
    if (!Double.isFinite(gradientNorm)) {
      return lost("the norm of the gradients is " + gradientNorm);
    }
    recent[steps % WINDOW] = loss;
    if (steps <= WINDOW) {
      firstSize += Math.abs(loss) / WINDOW;
      return Optional.empty();
    }
    double mean = 0;
    for (double value : recent) {
      mean += value / WINDOW;
    }
    double limit = FACTOR * Math.max(1, firstSize);
    return Math.abs(mean) > limit
        ? lost(String.format(Locale.ROOT, "the loss is %.4g in the mean, beyond %.4g", mean, limit))
        : Optional.empty();
  }

  private Optional<String> lost(String what) {
    return Optional.of("step " + steps + ": " + what);
  }
}
