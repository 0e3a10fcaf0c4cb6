package dev.autoloss.local.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.autoloss.loss.evaluation.Evaluation;
import dev.autoloss.loss.evaluation.Evaluator;
import dev.autoloss.loss.evaluation.Inputs;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Extent;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Points of a branch as a line of JSON, and a loss's values and gradients there as another. */
final class LossPoints {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Branch branch;

  LossPoints(Branch branch) {
    this.branch = branch;
  }

  /** Evaluates the loss that a line names as {@code loss}, of the branch {@code branch}. */
  static String evaluateOwn(String line) {
    ObjectNode object = object(line, " with loss, branch and its inputs");
    String text = word(object, "loss");
    String label = word(object, "branch");
    Branch branch =
        LossText.labelled(label)
            .orElseThrow(
                () ->
                    new InputException(
                        "branch: expected two-stage, one-stage or regression, found '"
                            + label
                            + "'"));
    Expression expression = LossText.read(text, Optional.of(branch)).expression();
    return new LossPoints(branch).evaluate(expression, object);
  }

  private static String word(ObjectNode object, String name) {
    JsonNode value = object.remove(name);
    if (value == null || !value.isTextual()) {
      throw new InputException(
          name + ": expected a text, found " + (value == null ? "none" : value));
    }
    return value.textValue();
  }

  /** Evaluates a loss at the points of a line. */
  String evaluate(Expression expression, String line) {
    return evaluate(expression, object(line, " of " + branch.variables()));
  }

  private String evaluate(Expression expression, ObjectNode object) {
    Inputs inputs = read(object);
    Evaluation evaluation = Evaluator.evaluate(expression, inputs);
    ObjectNode result = MAPPER.createObjectNode();
    // One number a row is a list, whether Dot summed over the classes or the branch has none.
    boolean summed = !branch.classification() || Extent.of(expression) == Extent.COLUMN;
    int valueColumns = summed ? 0 : evaluation.columns();
    result.set("value", numbers(evaluation.value(), valueColumns));
    ObjectNode gradients = result.putObject("grad");
    for (Variable variable : differentiated()) {
      double[] gradient = evaluation.gradient(variable);
      int columns = branch.classification() ? inputs.columns() : 0;
      gradients.set(variable.name(), numbers(gradient, columns));
    }
    return result.toString();
  }

  private List<Variable> differentiated() {
    return branch.classification() ? List.of(Variable.X) : branch.variables();
  }

  private static ObjectNode object(String line, String fields) {
    try {
      if (MAPPER.readTree(line) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException broken) {
      throw new InputException("expected a JSON object, " + broken.getOriginalMessage());
    }
    throw new InputException("expected a JSON object" + fields);
  }

  private Inputs read(ObjectNode object) {
    Map<Variable, double[][]> values = new EnumMap<>(Variable.class);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      values.put(variable(field.getKey()), rows(field.getValue(), field.getKey()));
    }
    try {
      return Inputs.of(branch, values);
    } catch (IllegalArgumentException wrong) {
      throw new InputException(String.valueOf(wrong.getMessage()));
    }
  }

  private Variable variable(String name) {
    return branch.variables().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new InputException(name + ": unknown input, expected " + branch.variables()));
  }

  private double[][] rows(JsonNode value, String name) {
    boolean matrix = branch.classification();
    if (!value.isArray()) {
      throw new InputException(name + ": expected " + (matrix ? "rows of columns" : "a list"));
    }
    double[][] rows = new double[value.size()][];
    for (int row = 0; row < rows.length; row++) {
      JsonNode one = value.get(row);
      String path = name + "[" + row + "]";
      if (matrix && !one.isArray()) {
        throw new InputException(path + ": expected a row of columns, found " + one);
      }
      rows[row] = matrix ? row(one, path) : new double[] {number(one, path)};
    }
    return rows;
  }

  private static double[] row(JsonNode values, String path) {
    double[] row = new double[values.size()];
    for (int column = 0; column < row.length; column++) {
      row[column] = number(values.get(column), path + "[" + column + "]");
    }
    return row;
  }

  private static double number(JsonNode value, String path) {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    return switch (value.asText()) {
      case "NaN" -> Double.NaN;
      case "Inf", "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new InputException(path + ": expected a number, found " + value);
    };
  }

  /** Rows of so many columns; a plain list for 0. */
  private static ArrayNode numbers(double[] values, int columns) {
    ArrayNode all = MAPPER.createArrayNode();
    ArrayNode row = all;
    for (int i = 0; i < values.length; i++) {
      if (columns > 0 && i % columns == 0) {
        row = all.addArray();
      }
      add(row, values[i]);
    }
    return all;
  }

  private static void add(ArrayNode row, double value) {
    if (Double.isNaN(value)) {
      row.add("NaN");
    } else if (Double.isInfinite(value)) {
      row.add(value > 0 ? "Inf" : "-Inf");
    } else {
      row.add(value);
    }
  }
}
