package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.Expression;
import java.util.Arrays;

/**
 * Computes expressions on plain arrays, with the meaning that {@link
 * dev.autoloss.loss.expression.UnaryOperator} and {@link
 * dev.autoloss.loss.expression.BinaryOperator} state. Nothing is thrown for NaN or infinity.
 *
 * <p>Broadcasting: a constant stands for one number; {@code Dot} and {@code Softmax} work over the
 * columns that their operands have, which is 1 for constants and for results of {@code Dot}; a
 * number a row meets a whole row by being repeated over its columns.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Computes values and gradients.
   *
   * @param expression an expression of the inputs' branch
   * @param inputs the points
   * @return values of rows × columns, or rows × 1 where the expression gives one number a row; an
   *     expression without inputs is repeated over rows × columns
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public static Evaluation evaluate(Expression expression, Inputs inputs) {
    var run = new Run(Tape.of(expression), inputs);
    int columns = run.shape() == Shape.COLUMN ? 1 : inputs.columns();
    double[] value = run.value().clone();
    if (run.shape() == Shape.SCALAR) {
      value = new double[inputs.rows() * columns];
      Arrays.fill(value, run.value()[0]);
    }
    return new Evaluation(inputs, columns, value, run.gradients());
  }

  /**
   * Computes the values only, summed over the columns: what a sample's loss is.
   *
   * @param expression an expression of the inputs' branch
   * @param inputs the points
   * @return one number a row; a constant expression is summed over the columns too
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public static double[] rowSums(Expression expression, Inputs inputs) {
    var run = new Run(Tape.of(expression), inputs);
    double[] sums = new double[inputs.rows()];
    int columns = run.shape() == Shape.COLUMN ? 1 : inputs.columns();
    for (int row = 0; row < sums.length; row++) {
      int index = row * run.shape().rowStep(inputs.columns());
      for (int column = 0; column < columns; column++) {
        sums[row] += run.value()[index];
        index += run.shape().columnStep();
      }
    }
    return sums;
  }
}
