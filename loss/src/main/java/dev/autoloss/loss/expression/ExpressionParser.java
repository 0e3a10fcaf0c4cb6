package dev.autoloss.loss.expression;

import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the stored form of an expression, {@code Op(argument,argument)}, for example {@code
 * Neg(Log(Sig(X)))}.
 *
 * <p>White space between tokens is skipped. A number is decimal, with an optional minus, fraction
 * and exponent. Names are case-sensitive. {@link Printer#prefix} writes what is read here.
 */
public final class ExpressionParser {
  /** The greatest {@link Expression#height()} that is read: {@value}. */
  public static final int MAX_HEIGHT = 64;

  /** The greatest {@link Expression#size()} that is read: {@value}. */
  public static final int MAX_SIZE = 512;

  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int QUOTED_LENGTH = 20;

  private final String text;
  private final Branch branch;
  private int position;
  private int size;

  private ExpressionParser(String text, Branch branch) {
    this.text = text;
    this.branch = branch;
  }

  /**
   * Reads one expression that fills the whole text.
   *
   * @param text the stored form
   * @param branch the branch whose inputs and operators may stand in it
   * @return the tree
   * @throws ExpressionException if the text is not an expression of the branch, or is larger than
   *     {@link #MAX_HEIGHT} and {@link #MAX_SIZE} allow
   */
  public static Expression parse(String text, Branch branch) {
    var parser = new ExpressionParser(text, branch);
    Expression expression = parser.expression(0);
    parser.skipSpace();
    if (parser.position < text.length()) {
      throw parser.unexpected("the end");
    }
    return expression;
  }

  private Expression expression(int depth) {
    skipSpace();
    if (depth > MAX_HEIGHT) {
      throw new ExpressionException(
          position, "too deep, expected at most " + MAX_HEIGHT + " operators inside one another");
    }
    size++;
    if (size > MAX_SIZE) {
      throw new ExpressionException(
          position, "too large, expected at most " + MAX_SIZE + " operators, inputs and constants");
    }
    char next = peek();
    if (isDigit(next) || next == '-' || next == '.') {
      return number();
    }
    if (!isLetter(next)) {
      throw unexpected("an operator, an input or a number");
    }
    return named(depth);
  }

  private Expression named(int depth) {
    int start = position;
    while (isLetter(peek()) || isDigit(peek())) {
      position++;
    }
    String name = text.substring(start, position);
    Optional<UnaryOperator> unary = find(UnaryOperator.values(), UnaryOperator::symbol, name);
    if (unary.isPresent()) {
      require(unary.get().allowedIn(branch), start, name);
      open(name, 1);
      Expression operand = expression(depth + 1);
      close(name, 1);
      return new Unary(unary.get(), operand);
    }
    Optional<BinaryOperator> binary = find(BinaryOperator.values(), BinaryOperator::symbol, name);
    if (binary.isPresent()) {
      require(binary.get().allowedIn(branch), start, name);
      open(name, 2);
      Expression left = expression(depth + 1);
      expect(',', "',' and the second operand of " + name);
      Expression right = expression(depth + 1);
      close(name, 2);
      return new Binary(binary.get(), left, right);
    }
    Optional<Variable> variable = find(Variable.values(), Variable::name, name);
    require(variable.isEmpty() || branch.variables().contains(variable.get()), start, name);
    return new Input(
        variable.orElseThrow(
            () ->
                new ExpressionException(
                    start, "unknown name " + quoted(name) + ", expected " + vocabulary())));
  }

  private static <T> Optional<T> find(T[] values, Function<T, String> symbol, String name) {
    return Stream.of(values).filter(value -> symbol.apply(value).equals(name)).findFirst();
  }

  private void require(boolean allowed, int start, String name) {
    if (!allowed) {
      throw new ExpressionException(
          start,
          "%s does not exist in the %s branch, expected %s"
              .formatted(name, branch.label(), vocabulary()));
    }
  }

  private String vocabulary() {
    String inputs =
        branch.variables().stream().map(Variable::name).collect(Collectors.joining(" "));
    Stream<String> unary =
        Stream.of(UnaryOperator.values())
            .filter(operator -> operator.allowedIn(branch))
            .map(UnaryOperator::symbol);
    Stream<String> binary =
        Stream.of(BinaryOperator.values())
            .filter(operator -> operator.allowedIn(branch))
            .map(BinaryOperator::symbol);
    return "a number, an input (%s) or an operator (%s)"
        .formatted(inputs, Stream.concat(binary, unary).collect(Collectors.joining(" ")));
  }

  private void open(String name, int arity) {
    expect('(', "'(' and " + operands(arity) + " of " + name);
  }

  private void close(String name, int arity) {
    expect(')', "')' after " + operands(arity) + " of " + name);
  }

  private static String operands(int arity) {
    return arity == 1 ? "the one operand" : "the two operands";
  }

  private void expect(char wanted, String description) {
    skipSpace();
    if (peek() != wanted) {
      throw unexpected(description);
    }
    position++;
  }

  private Constant number() {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    int digits = digits();
    if (peek() == '.') {
      position++;
      digits += digits();
    }
    if (digits == 0) {
      throw unexpected("a digit");
    }
    if (peek() == 'e' || peek() == 'E') {
      exponent();
    }
    if (position - start > MAX_NUMBER_LENGTH) {
      throw new ExpressionException(
          start, "number too long, expected at most " + MAX_NUMBER_LENGTH + " characters");
    }
    double value = Double.parseDouble(text.substring(start, position));
    if (!Double.isFinite(value)) {
      throw new ExpressionException(
          start, "number too large, expected at most " + Double.MAX_VALUE + " in magnitude");
    }
    return new Constant(value);
  }

  private void exponent() {
    position++;
    if (peek() == '-' || peek() == '+') {
      position++;
    }
    if (digits() == 0) {
      throw unexpected("a digit of the exponent");
    }
  }

  private int digits() {
    int start = position;
    while (isDigit(peek())) {
      position++;
    }
    return position - start;
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  /** The next character, or a blank at the end, which no rule asks for. */
  private char peek() {
    return position < text.length() ? text.charAt(position) : ' ';
  }

  private ExpressionException unexpected(String wanted) {
    String found =
        position < text.length() ? "found " + quoted(text.substring(position)) : "the text ends";
    return new ExpressionException(position, found + ", expected " + wanted);
  }

  private static String quoted(String rest) {
    String start = rest.length() > QUOTED_LENGTH ? rest.substring(0, QUOTED_LENGTH) + "…" : rest;
    return "'" + start.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?") + "'";
  }

  private static boolean isLetter(char character) {
    return (character >= 'A' && character <= 'Z')
        || (character >= 'a' && character <= 'z')
        || character == '_';
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
