package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.Map;

/**
 * An expression's values and gradients at some {@link Inputs}. NaN and infinities are values like
 * any other.
 */
public final class Evaluation {
  private final Branch branch;
  private final int rows;
  private final int columns;
  private final double[] value;
  private final Map<Variable, double[]> gradients;
  private final int gradientLength;

  Evaluation(Inputs inputs, int columns, double[] value, Map<Variable, double[]> gradients) {
    this.branch = inputs.branch();
    this.rows = inputs.rows();
    this.columns = columns;
    this.value = value;
    this.gradients = gradients;
    this.gradientLength = inputs.rows() * inputs.columns();
  }

  /**
   * The rows of the value.
   *
   * @return as many as the inputs have
   */
  public int rows() {
    return rows;
  }

  /**
   * The columns of the value.
   *
   * @return 1 if the expression sums over classes ({@code Dot}) at its root, else as many as the
   *     inputs have
   */
  public int columns() {
    return columns;
  }

  /**
   * The values.
   *
   * @return {@link #rows()} × {@link #columns()} numbers, row by row, a copy
   */
  public double[] value() {
    return value.clone();
  }

  /**
   * The gradient of the sum of {@link #value()} by an input.
   *
   * @param variable an input of the branch
   * @return a number for each of the input's, row by row, a copy; zeros if the expression does not
   *     use the input
   * @throws IllegalArgumentException if the branch has no such input
   */
  public double[] gradient(Variable variable) {
    if (!branch.variables().contains(variable)) {
      throw new IllegalArgumentException(
          variable + " is no input of the " + branch.label() + " branch");
    }
    double[] gradient = gradients.get(variable);
    return gradient == null ? new double[gradientLength] : gradient.clone();
  }
}
