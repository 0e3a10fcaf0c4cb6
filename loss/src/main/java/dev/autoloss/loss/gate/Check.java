package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import java.util.Optional;
import java.util.function.Supplier;

/** One gate for one branch: immutable, its probe points are made once. */
interface Check {
  /** The gate that is checked. */
  Gate gate();

  /**
   * Why the loss fails, a sentence that is made if it is asked for; empty if it passes.
   *
   * @param sign 1, or −1 to check the negative of the loss
   */
  Optional<Supplier<String>> problem(Program loss, Registers registers, int sign);
}
