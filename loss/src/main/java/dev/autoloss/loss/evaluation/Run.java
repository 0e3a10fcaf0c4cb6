package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One pass of a tape over inputs: values forward, then gradients of their sum backward. */
final class Run {
  private final List<Tape.Step> steps;
  private final Inputs inputs;
  private final int rows;
  private final int columns;
  private final Shape[] shapes;
  private final double[][] values;

  Run(List<Tape.Step> steps, Inputs inputs) {
    this.steps = steps;
    this.inputs = inputs;
    this.rows = inputs.rows();
    this.columns = inputs.columns();
    this.shapes = new Shape[steps.size()];
    this.values = new double[steps.size()][];
    for (int k = 0; k < steps.size(); k++) {
      forward(k);
    }
  }

  /** The shape of the last step. */
  Shape shape() {
    return shapes[steps.size() - 1];
  }

  /** The values of the last step. */
  double[] value() {
    return values[steps.size() - 1];
  }

  private void forward(int k) {
    switch (steps.get(k)) {
      case Tape.Step.Load(var variable) -> {
        shapes[k] = Shape.FULL;
        values[k] = inputs.array(variable);
      }
      case Tape.Step.Fill(var value) -> {
        shapes[k] = Shape.SCALAR;
        values[k] = new double[] {value};
      }
      case Tape.Step.Map1(var operator, int operand) -> {
        shapes[k] = shapes[operand];
        values[k] = unary(operator, operand);
      }
      case Tape.Step.Map2(var operator, int left, int right) -> {
        Shape wide = shapes[left].with(shapes[right]);
        boolean sums = operator == BinaryOperator.DOT && wide == Shape.FULL;
        shapes[k] = sums ? Shape.COLUMN : wide;
        values[k] = sums ? dot(left, right) : each(operator, left, right, wide);
      }
    }
  }

  private double[] unary(UnaryOperator operator, int operand) {
    if (operator == UnaryOperator.SOFTMAX) {
      return Softmax.value(values[operand], shapes[operand].columnsOf(columns));
    }
    if (operator == UnaryOperator.LOG
        && steps.get(operand) instanceof Tape.Step.Map1(var inner, int source)
        && inner == UnaryOperator.SOFTMAX
        && shapes[source] != Shape.SCALAR) {
      return Softmax.log(values[source], shapes[source].columnsOf(columns));
    }
    return each(operator, values[operand]);
  }

  private static double[] each(UnaryOperator operator, double[] operand) {
    double[] result = new double[operand.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = UnaryArithmetic.value(operator, operand[i]);
    }
    return result;
  }

  private double[] dot(int left, int right) {
    double[] products = each(BinaryOperator.MUL, left, right, Shape.FULL);
    double[] result = new double[rows];
    for (int i = 0; i < products.length; i++) {
      result[i / columns] += products[i];
    }
    return result;
  }

  private double[] each(BinaryOperator operator, int left, int right, Shape wide) {
    double[] a = values[left];
    double[] b = values[right];
    double[] result = new double[wide.length(rows, columns)];
    int width = wide.columnsOf(columns);
    int i = 0;
    for (int row = 0; row < wide.rowsOf(rows); row++) {
      int l = row * shapes[left].rowStep(columns);
      int r = row * shapes[right].rowStep(columns);
      for (int column = 0; column < width; column++) {
        result[i] = apply(operator, a[l], b[r]);
        i++;
        l += shapes[left].columnStep();
        r += shapes[right].columnStep();
      }
    }
    return result;
  }

  static double apply(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL, DOT -> a * b;
      case DIV -> a / (b + Numerics.DIVISOR_EPSILON);
    };
  }

  /** Gradients of the values' sum, a constant result counted once a row and column. */
  Map<Variable, double[]> gradients() {
    double[][] flows = new double[steps.size()][];
    for (int k = 0; k < flows.length; k++) {
      flows[k] = new double[values[k].length];
    }
    Arrays.fill(flows[flows.length - 1], 1);
    Map<Variable, double[]> gradients = new EnumMap<>(Variable.class);
    for (int k = steps.size() - 1; k >= 0; k--) {
      switch (steps.get(k)) {
        case Tape.Step.Load(var variable) -> gradients.put(variable, flows[k]);
        case Tape.Step.Fill _ -> {}
        case Tape.Step.Map1(var operator, int operand) ->
            backward(operator, operand, k, flows[k], flows[operand]);
        case Tape.Step.Map2(var operator, int left, int right) ->
            backward(operator, left, right, k, flows);
      }
    }
    return gradients;
  }

  private void backward(UnaryOperator operator, int from, int to, double[] flow, double[] result) {
    double[] operand = values[from];
    double[] value = values[to];
    if (operator == UnaryOperator.SOFTMAX) {
      Softmax.gradient(value, flow, result, value.length, shapes[from].columnsOf(columns));
      return;
    }
    for (int i = 0; i < result.length; i++) {
      result[i] += UnaryArithmetic.gradient(operator, operand[i], value[i], flow[i]);
    }
  }

  private void backward(BinaryOperator operator, int left, int right, int to, double[][] flows) {
    Shape wide = shapes[left].with(shapes[right]);
    int width = wide.columnsOf(columns);
    double[] a = values[left];
    double[] b = values[right];
    for (int row = 0; row < wide.rowsOf(rows); row++) {
      int l = row * shapes[left].rowStep(columns);
      int r = row * shapes[right].rowStep(columns);
      int t = row * shapes[to].rowStep(columns);
      for (int column = 0; column < width; column++) {
        double flow = flows[to][t];
        flows[left][l] += toLeft(operator, b[r], flow);
        flows[right][r] += toRight(operator, a[l], b[r], flow);
        l += shapes[left].columnStep();
        r += shapes[right].columnStep();
        t += shapes[to].columnStep();
      }
    }
  }

  private static double toLeft(BinaryOperator operator, double b, double flow) {
    return switch (operator) {
      case ADD, SUB -> flow;
      case MUL, DOT -> flow * b;
      case DIV -> flow / (b + Numerics.DIVISOR_EPSILON);
    };
  }

  private static double toRight(BinaryOperator operator, double a, double b, double flow) {
    return switch (operator) {
      case ADD -> flow;
      case SUB -> -flow;
      case MUL, DOT -> flow * a;
      case DIV -> {
        double divisor = b + Numerics.DIVISOR_EPSILON;
        yield -flow * (a / divisor / divisor);
      }
    };
  }
}
