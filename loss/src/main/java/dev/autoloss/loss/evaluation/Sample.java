package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One row of a classification branch, from which the inputs of either branch follow.
 *
 * @param logits one a column, not empty; two-stage: the last column is the background
 * @param label the positive's column, empty for a negative (two-stage: background)
 * @param overlap intersection over union of a positive's box with its ground truth; a negative's is
 *     not used
 */
public record Sample(List<Double> logits, OptionalInt label, double overlap) {
  /**
   * Checks that the label is a column.
   *
   * @throws IllegalArgumentException if it is not
   */
  public Sample {
    logits = List.copyOf(logits);
    if (logits.isEmpty() || label.orElse(0) < 0 || label.orElse(0) >= logits.size()) {
      throw new IllegalArgumentException(
          "label " + label + ", expected a column below " + logits.size());
    }
  }

  /**
   * A sample of an object.
   *
   * @param label its class's column
   * @param overlap as {@link #overlap()}
   * @param logits as {@link #logits()}
   * @return the sample
   */
  public static Sample positive(int label, double overlap, double... logits) {
    return new Sample(boxed(logits), OptionalInt.of(label), overlap);
  }

  /**
   * A sample of no object.
   *
   * @param logits as {@link #logits()}
   * @return the sample
   */
  public static Sample negative(double... logits) {
    return new Sample(boxed(logits), OptionalInt.empty(), 1);
  }

  private static List<Double> boxed(double... logits) {
    return Arrays.stream(logits).boxed().toList();
  }

  /**
   * The inputs that a detector would give for the samples.
   *
   * @param branch {@link Branch#TWO_STAGE} or {@link Branch#ONE_STAGE}
   * @param samples the rows, not empty, all of the same number of columns
   * @return a row a sample, in their order
   * @throws IllegalArgumentException if there is no sample, their numbers of columns differ, or the
   *     branch is regression
   */
  public static Inputs inputs(Branch branch, List<Sample> samples) {
    if (!branch.classification() || samples.isEmpty()) {
      throw new IllegalArgumentException("expected samples of a classification branch");
    }
    Map<Variable, double[][]> values = new EnumMap<>(Variable.class);
    for (Variable variable : branch.variables()) {
      values.put(
          variable,
          samples.stream().map(sample -> sample.row(variable, branch)).toArray(double[][]::new));
    }
    return Inputs.of(branch, values);
  }

  private double[] row(Variable variable, Branch branch) {
    int columns = logits.size();
    int target = branch == Branch.TWO_STAGE ? label.orElse(columns - 1) : label.orElse(-1);
    double[] row = new double[columns];
    for (int column = 0; column < columns; column++) {
      boolean hit = column == target;
      row[column] =
          switch (variable) {
            case X -> logits.get(column);
            case Y, PY -> hit ? 1 : 0;
            case NY -> hit ? 0 : 1;
            case Z -> label.isPresent() ? overlap : 1;
            case Q -> hit ? overlap : 0;
            case I, U, E ->
                throw new IllegalArgumentException(variable + " is no input of a sample");
          };
    }
    return row;
  }
}
