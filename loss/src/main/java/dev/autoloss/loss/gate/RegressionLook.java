package dev.autoloss.loss.gate;

import dev.autoloss.loss.evaluation.Box;
import dev.autoloss.loss.evaluation.BoxPair;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.evaluation.Program;
import dev.autoloss.loss.evaluation.Registers;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.ArrayList;
import java.util.List;

/** A small and a large box that move away, and four extremes. */
final class RegressionLook implements FirstLook {
  private static final double[] SIDES = {2, 64};

  /** Of a move that ends before the boxes are apart. */
  private static final double[] SHIFTS = {0, 0.1, 0.5, 0.9};

  private static final double[] FACTORS = {0.5, 2};
  private static final int OF_A_SIDE = SHIFTS.length + FACTORS.length;

  private final Inputs inputs;
  private final RegressionInputsCheck check;

  RegressionLook() {
    List<BoxPair> pairs = new ArrayList<>();
    for (double side : SIDES) {
      for (double shift : SHIFTS) {
        pairs.add(pair(side, shift, 1));
      }
      for (double factor : FACTORS) {
        pairs.add(pair(side, 0, factor));
      }
    }
    pairs.add(pair(512, 0, 0));
    pairs.add(pair(512, 20, 2));
    pairs.add(pair(0.5, 0, 1));
    pairs.add(pair(0.5, 1.5, 0.5));
    this.inputs = BoxPair.inputs(pairs);
    this.check = new RegressionInputsCheck(inputs);
  }

  private static BoxPair pair(double side, double shift, double factor) {
    return new BoxPair(
        Box.around(shift * side, 0, factor * side, factor * side), Box.around(0, 0, side, side));
  }

  @Override
  public Inputs inputs() {
    return inputs;
  }

  @Override
  public Seen at(Program loss, Registers registers) {
    registers.forward(loss, inputs);
    if (!FirstLook.within(registers, FiniteCheck.LARGEST)) {
      return Seen.NOT_FINITE;
    }
    double[] values = new double[inputs.rows()];
    registers.rowSums(values, 0);
    registers.backward();
    double[] gradient = new double[inputs.rows()];
    for (Variable variable : Branch.REGRESSION.variables()) {
      registers.gradient(variable, gradient);
      if (!FirstLook.within(gradient, gradient.length, Float.MAX_VALUE)) {
        return Seen.NOT_FINITE;
      }
    }
    if (check.blind(registers).isPresent()) {
      return Seen.BLIND;
    }
    if (consistent(values, 1)) {
      return Seen.RIGHT;
    }
    return consistent(values, -1) ? Seen.INVERTED : Seen.NOT_CONSISTENT;
  }

  private static boolean consistent(double[] values, int sign) {
    for (int first = 0; first < SIDES.length * OF_A_SIDE; first += OF_A_SIDE) {
      for (int k = 1; k < OF_A_SIDE; k++) {
        int nearer = k < SHIFTS.length ? first + k - 1 : first;
        if (!(sign * (values[first + k] - values[nearer]) > 0)) {
          return false;
        }
      }
    }
    return true;
  }
}
