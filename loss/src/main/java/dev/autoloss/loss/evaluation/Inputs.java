package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The points at which an expression is evaluated: every input of a branch, all of the same rows ×
 * columns. Classification has a row a sample and a column a class; regression has a row a box and
 * one column. Immutable. Any double is a legal value, NaN and infinities too.
 */
public final class Inputs {
  private final Branch branch;
  private final int rows;
  private final int columns;
  private final Map<Variable, double[]> values;

  private Inputs(Branch branch, int rows, int columns, Map<Variable, double[]> values) {
    this.branch = branch;
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  /**
   * Takes inputs as rows of columns.
   *
   * @param branch the branch
   * @param values the branch's inputs, no more and no fewer, each as {@code [row][column]}; for
   *     regression one column
   * @return the points, copied
   * @throws IllegalArgumentException if an input is missing, foreign or empty, or shapes differ;
   *     the message is one line that names the input
   */
  public static Inputs of(Branch branch, Map<Variable, double[][]> values) {
    checkNames(branch, values.keySet());
    double[][] first = required(branch, values, branch.variables().getFirst());
    int rows = first.length;
    int columns = rows == 0 ? 0 : first[0].length;
    Map<Variable, double[]> flat = new EnumMap<>(Variable.class);
    for (Variable variable : branch.variables()) {
      double[][] array = required(branch, values, variable);
      check(array.length == rows, variable + " has " + array.length + " rows", rows + " rows");
      double[] all = new double[rows * columns];
      for (int row = 0; row < rows; row++) {
        int length = array[row].length;
        String found = "%s has %d columns in row %d".formatted(variable, length, row);
        check(length == columns, found, columns + " columns");
        System.arraycopy(array[row], 0, all, row * columns, columns);
      }
      flat.put(variable, all);
    }
    return of(branch, rows, columns, flat);
  }

  /**
   * Takes inputs as flat arrays, row by row.
   *
   * @param branch the branch
   * @param rows number of rows, at least 1
   * @param columns number of columns, at least 1; for regression 1
   * @param values the branch's inputs, no more and no fewer, each of rows × columns numbers
   * @return the points, copied
   * @throws IllegalArgumentException if an input is missing, foreign or of another length; the
   *     message is one line that names the input
   */
  public static Inputs of(Branch branch, int rows, int columns, Map<Variable, double[]> values) {
    checkNames(branch, values.keySet());
    check(rows > 0 && columns > 0, rows + " rows of " + columns + " columns", "at least one each");
    check(
        branch.classification() || columns == 1,
        columns + " columns in the regression branch",
        "one");
    Map<Variable, double[]> copies = new EnumMap<>(Variable.class);
    for (Variable variable : branch.variables()) {
      double[] array = required(branch, values, variable);
      check(
          array.length == rows * columns,
          variable + " has " + array.length + " numbers",
          rows + " × " + columns);
      copies.put(variable, array.clone());
    }
    return new Inputs(branch, rows, columns, copies);
  }

  private static void checkNames(Branch branch, Set<Variable> names) {
    for (Variable variable : names) {
      check(
          branch.variables().contains(variable),
          variable + " is no input of the " + branch.label() + " branch",
          branch.variables().toString());
    }
  }

  private static <T> T required(Branch branch, Map<Variable, T> values, Variable variable) {
    T input = values.get(variable);
    if (input == null) {
      throw new IllegalArgumentException(
          "input " + variable + " is missing, expected " + branch.variables());
    }
    return input;
  }

  private static void check(boolean right, String found, String expected) {
    if (!right) {
      throw new IllegalArgumentException(found + ", expected " + expected);
    }
  }

  /**
   * The branch.
   *
   * @return whose inputs these are
   */
  public Branch branch() {
    return branch;
  }

  /**
   * The number of samples or boxes.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * The number of classes.
   *
   * @return at least 1; 1 for regression
   */
  public int columns() {
    return columns;
  }

  /**
   * The numbers of an input.
   *
   * @param variable an input of the branch
   * @return rows × columns numbers, row by row, a copy
   * @throws IllegalArgumentException if the branch has no such input
   */
  public double[] of(Variable variable) {
    return array(variable).clone();
  }

  /**
   * A number of an input.
   *
   * @param variable an input of the branch
   * @param index row · columns + column
   * @return the number
   * @throws IllegalArgumentException if the branch has no such input
   */
  public double at(Variable variable, int index) {
    return array(variable)[index];
  }

  /** As {@link #of(Variable)}, but the array itself, not to be written to. */
  double[] array(Variable variable) {
    double[] array = values.get(variable);
    if (array == null) {
      throw new IllegalArgumentException(
          variable + " is no input of the " + branch.label() + " branch");
    }
    return array;
  }
}
