package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;

/** Many rows, a block at a time, so that the registers stay in the cache. */
final class Blocks {
  static final int ROWS = 128;

  private Blocks() {}

  static double[] rowSums(Program loss, Registers registers, Inputs inputs) {
    double[] sums = new double[inputs.rows()];
    for (int first = 0; first < sums.length; first += ROWS) {
      registers.forward(loss, inputs, first, Math.min(ROWS, sums.length - first));
      registers.rowSums(sums, first);
    }
    return sums;
  }
}
