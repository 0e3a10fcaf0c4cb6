package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.expression.UnaryOperator;
import dev.autoloss.loss.expression.Variable;
import java.util.Arrays;

/**
 * An expression as a straight line of steps, operands before their users: equal subtrees are one
 * step, whatever the order of commutative operands, and subtrees without inputs are one number.
 *
 * <p>{@link Registers} run it. A program can be compiled anew from another tree, and then allocates
 * nothing; it is for one thread. The interpreter {@link Evaluator} says what it has to compute.
 */
// Arrays of numbers, and not of enums, are what the compiler's table compares.
@SuppressWarnings("EnumOrdinal")
public final class Program {
  /** What a step does. */
  enum Step {
    LOAD,
    FILL,
    UNARY,
    /** {@code Log(Softmax(x))} in one, without the rounding in between. */
    LOG_SOFTMAX,
    BINARY
  }

  private static final Variable[] VARIABLES = Variable.values();
  private static final int TABLE = 256;

  private Step[] kinds = new Step[64];
  private int[] operators = new int[64];
  private int[] lefts = new int[64];
  private int[] rights = new int[64];
  private double[] constants = new double[64];
  private Shape[] shapes = new Shape[64];
  private boolean[] trained = new boolean[64];
  private final int[] loaded = new int[VARIABLES.length];
  private int steps;
  private int root;

  private int[] table = new int[TABLE];
  private int place;
  private Branch branch = Branch.REGRESSION;

  /** A program that is to be compiled. */
  public Program() {}

  /**
   * Compiles an expression.
   *
   * @param expression an expression of the branch
   * @param branch decides by which inputs gradients are taken: X, or I, U and E
   * @return its program
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public static Program of(Expression expression, Branch branch) {
    var tree = new PrefixTree();
    tree.set(expression);
    var program = new Program();
    program.compile(tree, branch);
    return program;
  }

  /**
   * Compiles a tree in place of what was compiled before.
   *
   * @param tree a complete tree
   * @param branch its branch
   * @throws IllegalArgumentException if the tree uses an input of another branch
   */
  public void compile(PrefixTree tree, Branch branch) {
    reserve(tree.size());
    this.branch = branch;
    steps = 0;
    place = 0;
    Arrays.fill(table, -1);
    Arrays.fill(loaded, -1);
    root = next(tree);
  }

  private void reserve(int size) {
    if (size > kinds.length) {
      kinds = new Step[size];
      operators = new int[size];
      lefts = new int[size];
      rights = new int[size];
      constants = new double[size];
      shapes = new Shape[size];
      trained = new boolean[size];
    }
    if (2 * size > table.length) {
      table = new int[Integer.highestOneBit(2 * size) * 2];
    }
  }

  private int next(PrefixTree tree) {
    int here = place++;
    return switch (tree.kind(here)) {
      case INPUT -> load(tree.variable(here));
      case CONSTANT -> fill(tree.constantAt(here));
      case UNARY -> unary(tree.unaryAt(here), next(tree));
      case BINARY -> {
        int left = next(tree);
        yield binary(tree.binaryAt(here), left, next(tree));
      }
    };
  }

  private int load(Variable variable) {
    if (!branch.variables().contains(variable)) {
      throw new IllegalArgumentException(
          variable + " is no input of the " + branch.label() + " branch");
    }
    int step = step(Step.LOAD, variable.ordinal(), 0, 0, 0);
    shapes[step] = Shape.FULL;
    trained[step] = !branch.classification() || variable == Variable.X;
    loaded[variable.ordinal()] = step;
    return step;
  }

  private int fill(double value) {
    int step = step(Step.FILL, 0, 0, 0, value);
    shapes[step] = Shape.SCALAR;
    trained[step] = false;
    return step;
  }

  private int unary(UnaryOperator operator, int operand) {
    if (shapes[operand] == Shape.SCALAR) {
      double x = constants[operand];
      return fill(
          // Of a single column: 1, but for what is no number.
          operator == UnaryOperator.SOFTMAX
              ? (Double.isFinite(x) ? 1 : Double.NaN)
              : UnaryArithmetic.value(operator, x));
    }
    boolean fused =
        operator == UnaryOperator.LOG
            && kinds[operand] == Step.UNARY
            && operators[operand] == UnaryOperator.SOFTMAX.ordinal();
    int step = step(fused ? Step.LOG_SOFTMAX : Step.UNARY, operator.ordinal(), operand, 0, 0);
    shapes[step] = shapes[operand];
    trained[step] = trained[operand];
    return step;
  }

  private int binary(BinaryOperator operator, int left, int right) {
    if (shapes[left] == Shape.SCALAR && shapes[right] == Shape.SCALAR) {
      return fill(Run.apply(operator, constants[left], constants[right]));
    }
    boolean swapped =
        operator != BinaryOperator.SUB && operator != BinaryOperator.DIV && left > right;
    int first = swapped ? right : left;
    int second = swapped ? left : right;
    int step = step(Step.BINARY, operator.ordinal(), first, second, 0);
    Shape wide = shapes[left].with(shapes[right]);
    shapes[step] = operator == BinaryOperator.DOT && wide == Shape.FULL ? Shape.COLUMN : wide;
    trained[step] = trained[left] || trained[right];
    return step;
  }

  /** The step that does this, which may be there already. */
  private int step(Step kind, int operator, int left, int right, double constant) {
    long bits = Double.doubleToLongBits(constant);
    int hash = ((kind.ordinal() * 31 + operator) * 127 + left) * 257 + right + Long.hashCode(bits);
    int slot = ((hash * 0x9E3779B9) >>> 7) & (table.length - 1);
    while (table[slot] >= 0) {
      int known = table[slot];
      if (kinds[known] == kind
          && operators[known] == operator
          && lefts[known] == left
          && rights[known] == right
          && Double.doubleToLongBits(constants[known]) == bits) {
        return known;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = steps;
    kinds[steps] = kind;
    operators[steps] = operator;
    lefts[steps] = left;
    rights[steps] = right;
    constants[steps] = constant;
    return steps++;
  }

  /**
   * Counts the steps.
   *
   * @return at most the nodes of the tree
   */
  public int steps() {
    return steps;
  }

  /**
   * Says whether an input is used, as far as its subtree is not folded away.
   *
   * @param variable an input
   * @return true if a step loads it
   */
  public boolean loads(Variable variable) {
    return loaded[variable.ordinal()] >= 0;
  }

  /** The step that computes the result; a folded number may stand before others. */
  int root() {
    return root;
  }

  int loadOf(Variable variable) {
    return loaded[variable.ordinal()];
  }

  Step kind(int step) {
    return kinds[step];
  }

  Variable variable(int step) {
    return VARIABLES[operators[step]];
  }

  int operator(int step) {
    return operators[step];
  }

  int left(int step) {
    return lefts[step];
  }

  int right(int step) {
    return rights[step];
  }

  double constant(int step) {
    return constants[step];
  }

  Shape shape(int step) {
    return shapes[step];
  }

  /** Whether a gradient flows through the step. */
  boolean trained(int step) {
    return trained[step];
  }
}
