package dev.autoloss.loss.expression;

import java.util.Arrays;

/**
 * A tree as a row of codes in prefix order, in a buffer that is used again and again: the form in
 * which losses are drawn and judged by the hundred thousand. An {@link Expression} is made only of
 * what is kept.
 *
 * <p>Not for several threads at once.
 */
// Codes are for this buffer only and never stored: the order of the enums may change.
@SuppressWarnings("EnumOrdinal")
public final class PrefixTree {
  /** Codes from here are constants. */
  private static final int CONSTANT = 32;

  private static final int UNARY = 64;
  private static final int BINARY = 128;

  private static final Variable[] VARIABLES = Variable.values();
  private static final UnaryOperator[] UNARY_OPERATORS = UnaryOperator.values();
  private static final BinaryOperator[] BINARY_OPERATORS = BinaryOperator.values();

  private int[] codes = new int[64];
  private double[] constants = new double[64];
  private int size;

  /** An empty buffer. */
  public PrefixTree() {}

  /** What stands at a place. */
  public enum Kind {
    /** An input. */
    INPUT,
    /** A constant. */
    CONSTANT,
    /** An operator of the one subtree that follows. */
    UNARY,
    /** An operator of the two subtrees that follow. */
    BINARY
  }

  /** Empties it. */
  public void clear() {
    size = 0;
  }

  /**
   * Takes an expression in place of what was there.
   *
   * @param expression any
   */
  public void set(Expression expression) {
    clear();
    append(expression);
  }

  private void append(Expression expression) {
    switch (expression) {
      case Expression.Input(var variable) -> input(variable);
      case Expression.Constant(var value) -> constant(value);
      case Expression.Unary(var operator, var operand) -> {
        unary(operator);
        append(operand);
      }
      case Expression.Binary(var operator, var left, var right) -> {
        binary(operator);
        append(left);
        append(right);
      }
    }
  }

  /**
   * Appends an input.
   *
   * @param variable which
   */
  public void input(Variable variable) {
    append(variable.ordinal(), 0);
  }

  /**
   * Appends a constant.
   *
   * @param value its value
   */
  public void constant(double value) {
    append(CONSTANT, value);
  }

  /**
   * Appends an operator, whose operand is appended next.
   *
   * @param operator which
   */
  public void unary(UnaryOperator operator) {
    append(UNARY + operator.ordinal(), 0);
  }

  /**
   * Appends an operator, whose left and right operands are appended next.
   *
   * @param operator which
   */
  public void binary(BinaryOperator operator) {
    append(BINARY + operator.ordinal(), 0);
  }

  private void append(int code, double constant) {
    if (size == codes.length) {
      codes = Arrays.copyOf(codes, 2 * size);
      constants = Arrays.copyOf(constants, 2 * size);
    }
    codes[size] = code;
    constants[size] = constant;
    size++;
  }

  /**
   * Counts the nodes.
   *
   * @return 0 when it is empty
   */
  public int size() {
    return size;
  }

  /**
   * What stands at a place.
   *
   * @param place from 0 to below the size, not checked
   * @return its kind
   */
  public Kind kind(int place) {
    int code = codes[place];
    if (code < CONSTANT) {
      return Kind.INPUT;
    }
    if (code < UNARY) {
      return Kind.CONSTANT;
    }
    return code < BINARY ? Kind.UNARY : Kind.BINARY;
  }

  /**
   * The input at a place.
   *
   * @param place of {@link Kind#INPUT}
   * @return which
   */
  public Variable variable(int place) {
    return VARIABLES[codes[place]];
  }

  /**
   * The constant at a place.
   *
   * @param place of {@link Kind#CONSTANT}
   * @return its value
   */
  public double constantAt(int place) {
    return constants[place];
  }

  /**
   * The operator at a place.
   *
   * @param place of {@link Kind#UNARY}
   * @return which
   */
  public UnaryOperator unaryAt(int place) {
    return UNARY_OPERATORS[codes[place] - UNARY];
  }

  /**
   * The operator at a place.
   *
   * @param place of {@link Kind#BINARY}
   * @return which
   */
  public BinaryOperator binaryAt(int place) {
    return BINARY_OPERATORS[codes[place] - BINARY];
  }

  /**
   * A number that is the same for the same tree, and another for nearly every other one.
   *
   * @return 64 well mixed bits
   */
  public long hash() {
    long hash = size;
    for (int i = 0; i < size; i++) {
      hash = mix(hash + codes[i]);
      if (codes[i] == CONSTANT) {
        hash = mix(hash ^ Double.doubleToLongBits(constants[i]));
      }
    }
    return hash;
  }

  /** The finaliser of MurmurHash3, with the constants of Stafford's thirteenth variant. */
  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The tree as an expression.
   *
   * @return equal to the one that was set, if one was
   * @throws IllegalStateException if operands are missing or left over
   */
  public Expression expression() {
    var reader = new Reader();
    Expression expression = reader.next();
    if (reader.place != size) {
      throw new IllegalStateException("operands left over at " + reader.place + " of " + size);
    }
    return expression;
  }

  private final class Reader {
    private int place;

    Expression next() {
      if (place >= size) {
        throw new IllegalStateException("an operand is missing at " + place);
      }
      int here = place++;
      return switch (kind(here)) {
        case INPUT -> new Expression.Input(variable(here));
        case CONSTANT -> new Expression.Constant(constantAt(here));
        case UNARY -> new Expression.Unary(unaryAt(here), next());
        case BINARY -> new Expression.Binary(binaryAt(here), next(), next());
      };
    }
  }
}
