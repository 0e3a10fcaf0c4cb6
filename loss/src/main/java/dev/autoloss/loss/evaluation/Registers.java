package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;

/**
 * Runs programs over blocks of points: a row of numbers for each step, used again for the next
 * program, so that nothing is allocated once they are long enough.
 *
 * <p>Nothing is thrown for NaN or infinity. Not for several threads at once.
 */
public final class Registers {
  private static final UnaryOperator[] UNARY = UnaryOperator.values();
  private static final BinaryOperator[] BINARY = BinaryOperator.values();

  private static final double[] NONE = {};

  private double[][] values = new double[0][0];
  private double[][] flows = new double[0][0];
  private double[] gathered = new double[0];
  private double[] left = new double[0];
  private double[] right = new double[0];
  private double[] share = new double[0];
  private Program program = new Program();
  private int rows;
  private int columns;

  /** Registers that grow as they are needed. */
  public Registers() {}

  /**
   * Computes values of all rows.
   *
   * @param compiled a program of the inputs' branch
   * @param inputs the points
   */
  public void forward(Program compiled, Inputs inputs) {
    forward(compiled, inputs, 0, inputs.rows());
  }

  /**
   * Computes values of some rows.
   *
   * @param compiled a program of the inputs' branch
   * @param inputs the points
   * @param first the first row
   * @param count rows, at least 1
   */
  public void forward(Program compiled, Inputs inputs, int first, int count) {
    program = compiled;
    rows = count;
    columns = inputs.columns();
    reserve();
    for (int k = 0; k < compiled.steps(); k++) {
      forward(k, inputs, first);
    }
  }

  private void reserve() {
    int steps = program.steps();
    int length = rows * columns;
    if (values.length < steps) {
      values = longer(values, steps);
      flows = longer(flows, steps);
    }
    for (int k = 0; k < steps; k++) {
      if (values[k].length < length) {
        values[k] = new double[length];
        flows[k] = new double[length];
      }
    }
    if (gathered.length < length) {
      gathered = new double[length];
      left = new double[length];
      right = new double[length];
      share = new double[length];
    }
  }

  private static double[][] longer(double[][] rowsOfSteps, int steps) {
    double[][] more = Arrays.copyOf(rowsOfSteps, steps);
    Arrays.fill(more, rowsOfSteps.length, steps, NONE);
    return more;
  }

  private void forward(int k, Inputs inputs, int first) {
    double[] result = values[k];
    int operand = program.left(k);
    switch (program.kind(k)) {
      case LOAD ->
          System.arraycopy(
              inputs.array(program.variable(k)), first * columns, result, 0, rows * columns);
      case FILL -> result[0] = program.constant(k);
      case LOG_SOFTMAX -> {
        int logits = program.left(operand);
        Softmax.log(values[logits], result, length(logits), width(logits));
      }
      case UNARY -> {
        UnaryOperator operator = UNARY[program.operator(k)];
        if (operator == UnaryOperator.SOFTMAX) {
          Softmax.value(values[operand], result, length(operand), width(operand));
        } else {
          UnaryBlocks.value(operator, values[operand], result, length(operand));
        }
      }
      case BINARY -> binary(k, result);
    }
  }

  private void binary(int k, double[] result) {
    BinaryOperator operator = BINARY[program.operator(k)];
    Shape wide = wide(k);
    double[] a = spread(program.left(k), wide, left);
    double[] b = spread(program.right(k), wide, right);
    if (program.shape(k) == wide) {
      BinaryBlocks.value(operator, a, b, result, wide.length(rows, columns));
    } else {
      BinaryBlocks.value(operator, a, b, share, rows * columns);
      for (int row = 0; row < rows; row++) {
        double sum = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
          sum += share[i];
        }
        result[row] = sum;
      }
    }
  }

  private Shape wide(int k) {
    return program.shape(program.left(k)).with(program.shape(program.right(k)));
  }

  private int length(int step) {
    return program.shape(step).length(rows, columns);
  }

  private int width(int step) {
    return program.shape(step).columnsOf(columns);
  }

  /** The values of a step, repeated until they are as many as the shape has. */
  private double[] spread(int step, Shape wide, double[] scratch) {
    return spread(values[step], program.shape(step), wide, scratch);
  }

  private double[] spread(double[] from, Shape shape, Shape wide, double[] scratch) {
    if (shape == wide) {
      return from;
    }
    if (shape == Shape.SCALAR) {
      Arrays.fill(scratch, 0, wide.length(rows, columns), from[0]);
      return scratch;
    }
    for (int row = 0; row < rows; row++) {
      Arrays.fill(scratch, row * columns, (row + 1) * columns, from[row]);
    }
    return scratch;
  }

  /**
   * Computes the gradients of the values' sum, after {@link #forward}. An expression of one number
   * has none.
   */
  public void backward() {
    int root = program.root();
    for (int k = 0; k <= root; k++) {
      Arrays.fill(flows[k], 0, rows * columns, 0);
    }
    Arrays.fill(flows[root], 0, length(root), 1);
    for (int k = root; k >= 0; k--) {
      if (program.trained(k)) {
        backward(k);
      }
    }
  }

  private void backward(int k) {
    int operand = program.left(k);
    switch (program.kind(k)) {
      case LOAD, FILL -> {}
      case LOG_SOFTMAX ->
          UnaryBlocks.gradient(
              UnaryOperator.LOG, values[operand], values[k], flows[k], flows[operand], length(k));
      case UNARY -> {
        UnaryOperator operator = UNARY[program.operator(k)];
        if (operator == UnaryOperator.SOFTMAX) {
          Softmax.gradient(values[k], flows[k], flows[operand], length(k), width(k));
        } else {
          UnaryBlocks.gradient(
              operator, values[operand], values[k], flows[k], flows[operand], length(k));
        }
      }
      case BINARY -> binaryBackward(k);
    }
  }

  private void binaryBackward(int k) {
    BinaryOperator operator = BINARY[program.operator(k)];
    int first = program.left(k);
    int second = program.right(k);
    Shape wide = wide(k);
    int length = wide.length(rows, columns);
    double[] a = spread(first, wide, left);
    double[] b = spread(second, wide, right);
    double[] flow = spread(flows[k], program.shape(k), wide, share);
    if (program.trained(first)) {
      BinaryBlocks.toLeft(operator, b, flow, target(first, wide), length);
      gather(first, wide);
    }
    if (program.trained(second)) {
      BinaryBlocks.toRight(operator, a, b, flow, target(second, wide), length);
      gather(second, wide);
    }
  }

  /** Where the flow to an operand is added up: beside it, if it has one number a row. */
  private double[] target(int operand, Shape wide) {
    if (program.shape(operand) == wide) {
      return flows[operand];
    }
    Arrays.fill(gathered, 0, rows * columns, 0);
    return gathered;
  }

  private void gather(int operand, Shape wide) {
    if (program.shape(operand) != wide) {
      for (int i = 0; i < rows * columns; i++) {
        flows[operand][i / columns] += gathered[i];
      }
    }
  }

  /**
   * How many numbers the result has.
   *
   * @return rows × columns; rows, if the expression gives one number a row; 1 for a constant
   */
  public int length() {
    return length(program.root());
  }

  /**
   * A number of the result, after {@link #forward}.
   *
   * @param index from 0, row by row
   * @return the value
   */
  public double value(int index) {
    return values[program.root()][index];
  }

  /**
   * The sum of the values of each row; a constant counts once a column.
   *
   * @param sums takes a number a row
   * @param at where the first row's goes
   */
  public void rowSums(double[] sums, int at) {
    int root = program.root();
    Shape shape = program.shape(root);
    double[] result = values[root];
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      switch (shape) {
        case SCALAR -> sum = columns * result[0];
        case COLUMN -> sum = result[row];
        case FULL -> {
          for (int i = row * columns; i < (row + 1) * columns; i++) {
            sum += result[i];
          }
        }
      }
      sums[at + row] = sum;
    }
  }

  /**
   * The gradient by an input that is trained, after {@link #backward}.
   *
   * @param variable X, or I, U or E
   * @param gradient takes rows × columns numbers; zeros where the input is not used
   */
  public void gradient(Variable variable, double[] gradient) {
    int step = program.loadOf(variable);
    if (step < 0) {
      Arrays.fill(gradient, 0, rows * columns, 0);
    } else {
      System.arraycopy(flows[step], 0, gradient, 0, rows * columns);
    }
  }
}
