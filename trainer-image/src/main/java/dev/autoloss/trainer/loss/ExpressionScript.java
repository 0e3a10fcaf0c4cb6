package dev.autoloss.trainer.loss;

import dev.autoloss.api.Numerics;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes an expression as a TorchScript method over the inputs of its branch.
 *
 * <p>The second of the two places where an operator's meaning stands (the first is the evaluation
 * on arrays); forms are chosen as there, to keep digits in the tails. Constants are
 * double-precision tensors without dimension, which take part in single-precision arithmetic
 * without widening it. Equal subtrees are computed once.
 */
final class ExpressionScript {
  /** How far a value reaches: one number, one a row, one a row and column. */
  private enum Reach {
    SCALAR,
    COLUMN,
    FULL;

    Reach with(Reach other) {
      return compareTo(other) >= 0 ? this : other;
    }
  }

  private record Value(String name, Reach reach) {}

  private static final double SERF_SCALE = Math.sqrt(Math.PI) / 4;

  private final StringBuilder body = new StringBuilder();
  private final Map<Expression, Value> values = new HashMap<>();
  private final Branch branch;
  private final Numerics numerics;
  private int count;

  private ExpressionScript(Branch branch, Numerics numerics) {
    this.branch = branch;
    this.numerics = numerics;
  }

  /**
   * Writes the method.
   *
   * @param method its name
   * @param expression an expression of the branch
   * @param numerics exact, or stable where the tree allows it: logarithms of {@code Sig(x)}, of
   *     {@code 1 − Sig(x)} and of {@code Softmax(x)}
   * @return source of a method from the branch's inputs, in order, to a {@code Tensor}: rows ×
   *     columns (regression: rows), or rows × 1 after {@code Dot}, or no dimension for an
   *     expression without inputs
   */
  static String method(String method, Expression expression, Branch branch, Numerics numerics) {
    var script = new ExpressionScript(branch, numerics);
    Value result = script.value(expression);
    String inputs =
        branch.variables().stream()
            .map(variable -> variable + ": Tensor")
            .collect(Collectors.joining(", "));
    return "  def %s(self: __torch__.Ops, %s) -> Tensor:\n%s    return %s\n"
        .formatted(method, inputs, script.body, result.name());
  }

  /**
   * Says whether a value changes with an input.
   *
   * @param expression where to look
   * @param variable what for
   */
  static boolean uses(Expression expression, Variable variable) {
    return switch (expression) {
      case Constant _ -> false;
      case Input(var used) -> used == variable;
      case Unary(var _, var operand) -> uses(operand, variable);
      case Binary(var _, var left, var right) -> uses(left, variable) || uses(right, variable);
    };
  }

  private Value value(Expression expression) {
    Value known = values.get(expression);
    if (known != null) {
      return known;
    }
    Value value =
        switch (expression) {
          case Input(var variable) ->
              new Value(variable.name(), branch.classification() ? Reach.FULL : Reach.COLUMN);
          case Constant(var number) ->
              let("torch.scalar_tensor(" + literal(number) + ", dtype=7)", Reach.SCALAR);
          case Unary(var operator, var operand) ->
              stable(operator, operand).orElseGet(() -> unary(operator, value(operand)));
          case Binary(var operator, var left, var right) ->
              binary(operator, value(left), value(right));
        };
    values.put(expression, value);
    return value;
  }

  private Optional<Value> stable(UnaryOperator operator, Expression operand) {
    if (numerics == Numerics.EXACT || operator != UnaryOperator.LOG) {
      return Optional.empty();
    }
    if (operand instanceof Unary(UnaryOperator inner, Expression x)) {
      Value value = value(x);
      return switch (inner) {
        case SIG -> Optional.of(let("torch.log_sigmoid(" + value.name() + ")", value.reach()));
        case SOFTMAX ->
            Optional.of(
                let(
                    "torch.log_softmax(%s, %d, None)"
                        .formatted(value.name(), value.reach() == Reach.SCALAR ? 0 : 1),
                    value.reach()));
        default -> Optional.empty();
      };
    }
    return complement(operand)
        .map(
            x -> {
              Value value = value(x);
              return let("torch.log_sigmoid(torch.neg(" + value.name() + "))", value.reach());
            });
  }

  /** The {@code x} of {@code 1 − Sig(x)}, however that is written. */
  private static Optional<Expression> complement(Expression expression) {
    return switch (expression) {
      case Binary(var operator, Constant(double one), Unary(var sig, var x))
          when operator == BinaryOperator.SUB && one == 1 && sig == UnaryOperator.SIG ->
          Optional.of(x);
      case Binary(var operator, Constant(double one), Unary(var neg, Unary(var sig, var x)))
          when operator == BinaryOperator.ADD && one == 1 && isNegSig(neg, sig) ->
          Optional.of(x);
      case Binary(var operator, Unary(var neg, Unary(var sig, var x)), Constant(double one))
          when operator == BinaryOperator.ADD && one == 1 && isNegSig(neg, sig) ->
          Optional.of(x);
      default -> Optional.empty();
    };
  }

  private static boolean isNegSig(UnaryOperator outer, UnaryOperator inner) {
    return outer == UnaryOperator.NEG && inner == UnaryOperator.SIG;
  }

  private Value unary(UnaryOperator operator, Value operand) {
    String x = operand.name();
    String result =
        switch (operator) {
          case NEG -> "torch.neg(" + x + ")";
          case EXP -> "torch.exp(torch.clamp(" + x + ", None, 88.))";
          case LOG -> "torch.log(torch.add(" + x + ", 1e-20, 1))";
          case ABS -> "torch.abs(" + x + ")";
          case SQRT -> "torch.sqrt(" + x + ")";
          case SOFTPLUS -> "torch.softplus(" + x + ", 1, 40)";
          case SIG -> "torch.sigmoid(" + x + ")";
          case TANH -> "torch.tanh(" + x + ")";
          case RELU -> "torch.relu(" + x + ")";
          case SIN -> "torch.sin(" + x + ")";
          case COS -> "torch.cos(" + x + ")";
          case SOFTMAX -> softmax(operand);
          case SERF -> serf(x, -SERF_SCALE);
          case SERFC -> serf(x, SERF_SCALE);
          case SALF -> salf(x);
          case SGDF -> sgdf(x);
        };
    return let(result, operand.reach());
  }

  private static String softmax(Value operand) {
    return "torch.softmax(%s, %d, None)"
        .formatted(operand.name(), operand.reach() == Reach.SCALAR ? 0 : 1);
  }

  private static String serf(String x, double scale) {
    return "torch.mul(torch.erfc(torch.mul(%s, %s)), 0.5)".formatted(x, literal(scale));
  }

  /** The lower tail is 1/(2r(r + |z|)), without the difference of nearly equal numbers. */
  private String salf(String x) {
    String z = bind("torch.mul(" + x + ", 0.5)");
    String positive = bind("torch.gt(" + z + ", 0)");
    String size = bind("torch.where(%s, %s, torch.neg(%s))".formatted(positive, z, z));
    String root = bind("torch.sqrt(torch.add(torch.mul(%s, %s), 1, 1))".formatted(z, z));
    String tail =
        bind(
            "torch.reciprocal(torch.mul(torch.mul(%s, torch.add(%s, %s, alpha=1)), 2))"
                .formatted(root, root, size));
    return "torch.where(%s, torch.rsub(%s, 1, 1), %s)".formatted(positive, tail, tail);
  }

  /** Beyond 40 the arc tangent is flat, while its gradient would be 0·∞. */
  private static String sgdf(String x) {
    return "torch.mul(torch.atan(torch.exp(torch.clamp(torch.mul(%s, %s), None, 40.))), %s)"
        .formatted(x, literal(Math.PI / 4), literal(2 / Math.PI));
  }

  private Value binary(BinaryOperator operator, Value left, Value right) {
    String a = left.name();
    String b = right.name();
    Reach reach = left.reach().with(right.reach());
    return switch (operator) {
      case ADD -> let("torch.add(%s, %s, alpha=1)".formatted(a, b), reach);
      case SUB -> let("torch.sub(%s, %s, alpha=1)".formatted(a, b), reach);
      case MUL -> let("torch.mul(%s, %s)".formatted(a, b), reach);
      case DIV -> let("torch.div(%s, torch.add(%s, 1e-20, 1))".formatted(a, b), reach);
      case DOT ->
          reach == Reach.FULL
              ? let("torch.sum(torch.mul(%s, %s), [1], True)".formatted(a, b), Reach.COLUMN)
              : let("torch.mul(%s, %s)".formatted(a, b), reach);
    };
  }

  private Value let(String right, Reach reach) {
    return new Value(bind(right), reach);
  }

  private String bind(String right) {
    String name = "v" + count++;
    body.append("    ").append(name).append(" = ").append(right).append('\n');
    return name;
  }

  private static String literal(double number) {
    return Double.toString(number).toLowerCase(Locale.ROOT);
  }
}
