package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import java.util.Optional;

/**
 * All gates at a dozen telling points, before each looks at all of its own: most random losses are
 * stopped here, at a small part of the cost. It asks less strictly, but of one class beside the
 * background and not of two: of 1,356 two-stage survivors 10 are stopped here alone.
 */
interface FirstLook {
  /** The look of a branch. */
  static FirstLook of(Branch branch) {
    return branch.classification() ? new ClassificationLook(branch) : new RegressionLook();
  }

  /**
   * Looks at a loss.
   *
   * @return what is seen
   */
  Seen at(Program loss, Registers registers);

  /**
   * What is seen of a loss.
   *
   * @param failed the first gate that it fails, in whatever direction
   * @param sign 1, or −1 if its negative goes in the right direction and it does not; 1 if unknown
   */
  record Seen(Optional<Gate> failed, int sign) {
    static final Seen RIGHT = new Seen(Optional.empty(), 1);
    static final Seen INVERTED = new Seen(Optional.empty(), -1);
    static final Seen NOT_FINITE = new Seen(Optional.of(Gate.FINITE), 1);
    static final Seen BLIND = new Seen(Optional.of(Gate.INPUTS), 1);
    static final Seen NOT_MONOTONE = new Seen(Optional.of(Gate.MONOTONE), 1);
    static final Seen NOT_CONSISTENT = new Seen(Optional.of(Gate.DISTANCE_CONSISTENT), 1);
  }

  /** Whether all numbers are at most so large; NaN is not. */
  static boolean within(double[] numbers, int length, double largest) {
    for (int i = 0; i < length; i++) {
      if (!(Math.abs(numbers[i]) <= largest)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all values are at most so large; NaN is not. */
  static boolean within(Registers evaluated, double largest) {
    for (int i = 0; i < evaluated.length(); i++) {
      if (!(Math.abs(evaluated.value(i)) <= largest)) {
        return false;
      }
    }
    return true;
  }

  /** The points. */
  Inputs inputs();
}
