package dev.autoloss.loss.export;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.Extent;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** An expression as Python code on PyTorch's tensors, and the functions that it calls. */
final class PythonCode {
  private final Branch branch;
  private final Set<PythonFunction> called = EnumSet.noneOf(PythonFunction.class);

  PythonCode(Branch branch) {
    this.branch = branch;
  }

  /** The code that returns the expression's values. */
  String of(Expression expression) {
    String text = text(expression, false);
    String like = branch.variables().getFirst().name();
    return switch (Extent.of(expression)) {
      case SCALAR -> "(" + text + ").expand_as(" + like + ")";
      case COLUMN -> "(" + text + ").squeeze(-1)";
      case FULL -> text;
    };
  }

  /** The definitions of the functions that were called. */
  String definitions() {
    return called.stream()
        .map(function -> "\n\n" + function.definition().stripTrailing() + "\n")
        .collect(Collectors.joining());
  }

  /** The parameters of the value function, in the language's order. */
  String arguments() {
    return branch.variables().stream().map(Variable::name).collect(Collectors.joining(", "));
  }

  /**
   * Writes a node.
   *
   * @param besideTensor whether the node is added to or multiplied with a tensor, so that a bare
   *     number will do
   */
  private String text(Expression node, boolean besideTensor) {
    return switch (node) {
      case Input(var variable) -> variable.name();
      case Constant _ ->
          besideTensor
              ? Printer.prefix(node)
              : "%s.new_tensor(%s)".formatted(branch.variables().getFirst(), Printer.prefix(node));
      case Unary(var operator, var operand) -> unary(operator, operand);
      case Binary(var operator, var left, var right) -> binary(operator, left, right);
    };
  }

  private String unary(UnaryOperator operator, Expression operand) {
    if (operator == UnaryOperator.LOG
        && operand instanceof Unary(var inner, var logits)
        && inner == UnaryOperator.SOFTMAX) {
      return call(PythonFunction.LOG_SOFTMAX, text(logits, false));
    }
    String argument = text(operand, false);
    return switch (operator) {
      case NEG -> "-" + (isInfix(operand) ? "(" + argument + ")" : argument);
      case EXP -> call(PythonFunction.EXP, argument);
      case LOG -> call(PythonFunction.LOG, argument);
      case SOFTPLUS -> call(PythonFunction.SOFTPLUS, argument);
      case SERF -> call(PythonFunction.SERF, argument);
      case SERFC -> call(PythonFunction.SERFC, argument);
      case SALF -> call(PythonFunction.SALF, argument);
      case SGDF -> call(PythonFunction.SGDF, argument);
      case SOFTMAX -> "torch.softmax(" + argument + ", dim=-1)";
      case SIG -> "torch.sigmoid(" + argument + ")";
      case ABS -> "torch.abs(" + argument + ")";
      case SQRT -> "torch.sqrt(" + argument + ")";
      case TANH -> "torch.tanh(" + argument + ")";
      case RELU -> "torch.relu(" + argument + ")";
      case SIN -> "torch.sin(" + argument + ")";
      case COS -> "torch.cos(" + argument + ")";
    };
  }

  private String binary(BinaryOperator operator, Expression left, Expression right) {
    boolean tensor = !left.inputs().isEmpty() || !right.inputs().isEmpty();
    String a = text(left, tensor);
    String b = text(right, tensor);
    return switch (operator) {
      case ADD -> a + " + " + (isSum(right) ? "(" + b + ")" : b);
      case SUB -> a + " - " + (isSum(right) ? "(" + b + ")" : b);
      case MUL -> (isSum(left) ? "(" + a + ")" : a) + " * " + inProduct(right, b);
      case DIV -> call(PythonFunction.DIV, a + ", " + b);
      case DOT -> call(PythonFunction.DOT, a + ", " + b);
    };
  }

  private String call(PythonFunction function, String arguments) {
    called.add(function);
    return function.symbol() + "(" + arguments + ")";
  }

  private static String inProduct(Expression operand, String text) {
    return isInfix(operand) ? "(" + text + ")" : text;
  }

  private static boolean isInfix(Expression node) {
    return isSum(node)
        || (node instanceof Binary(var operator, var _, var _) && operator == BinaryOperator.MUL);
  }

  private static boolean isSum(Expression node) {
    return node instanceof Binary(var operator, var _, var _)
        && (operator == BinaryOperator.ADD || operator == BinaryOperator.SUB);
  }
}
