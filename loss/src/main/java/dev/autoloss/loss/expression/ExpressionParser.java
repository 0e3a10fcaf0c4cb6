package dev.autoloss.loss.expression;

import dev.autoloss.loss.expression.Expression.Binary;
import dev.autoloss.loss.expression.Expression.Constant;
import dev.autoloss.loss.expression.Expression.Input;
import dev.autoloss.loss.expression.Expression.Unary;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads expressions in the stored form, {@code Sub(1,Div(I,U))}, and in infix form, {@code 1 - I /
 * U}; the forms may be mixed.
 *
 * <pre>
 * sum     = product {("+" | "-") product}
 * product = signed {("*" | "/") signed}
 * signed  = "-" signed | number | "(" sum ")" | input | operator "(" sum ["," sum] ")"
 * </pre>
 *
 * <p>White space between tokens is skipped. A number is decimal, with an optional minus, fraction
 * and exponent; a minus directly before a digit belongs to the number where an operand is expected.
 * Names are case-sensitive. {@link Printer} writes what is read here.
 *
 * <p>Work is bounded whatever the text: at most {@link #MAX_LENGTH} characters are looked at.
 */
public final class ExpressionParser {
  /** The greatest {@link Expression#height()} that is read: {@value}. */
  public static final int MAX_HEIGHT = 64;

  /** The greatest {@link Expression#size()} that is read: {@value}. */
  public static final int MAX_SIZE = 512;

  /** The most characters that are read: {@value}, several times what the largest tree needs. */
  public static final int MAX_LENGTH = 65_536;

  private static final int MAX_BRACKETS = 64;

  private final Scanner scanner;
  private final Branch branch;
  private int size;
  private int brackets;

  private ExpressionParser(String text, Branch branch) {
    this.scanner = new Scanner(text);
    this.branch = branch;
  }

  /**
   * Reads one expression that fills the whole text.
   *
   * @param text the stored form or infix form
   * @param branch the branch whose inputs and operators may stand in it
   * @return the tree
   * @throws ExpressionException if the text is not an expression of the branch, or is larger than
   *     {@link #MAX_HEIGHT}, {@link #MAX_SIZE} and {@link #MAX_LENGTH} allow; the message says what
   *     stood there and what was expected, for a misspelt name the nearest known one too
   */
  public static Expression parse(String text, Branch branch) {
    if (text.length() > MAX_LENGTH) {
      throw new ExpressionException(
          MAX_LENGTH,
          "too long with %d characters, expected at most %d".formatted(text.length(), MAX_LENGTH));
    }
    var parser = new ExpressionParser(text, branch);
    Expression expression = parser.sum(0);
    if (!parser.scanner.atEnd()) {
      throw parser.scanner.unexpected("the end");
    }
    return expression;
  }

  /** Reads a sum that will have {@code depth} operators above it. */
  private Expression sum(int depth) {
    Expression left = product(depth);
    while (true) {
      int sign = scanner.position();
      if (scanner.accept('+')) {
        left = binary(BinaryOperator.ADD, left, product(depth + 1), sign);
      } else if (scanner.accept('-')) {
        left = binary(BinaryOperator.SUB, left, product(depth + 1), sign);
      } else {
        return left;
      }
    }
  }

  private Expression product(int depth) {
    Expression left = signed(depth);
    while (true) {
      int sign = scanner.position();
      if (scanner.accept('*')) {
        left = binary(BinaryOperator.MUL, left, signed(depth + 1), sign);
      } else if (scanner.accept('/')) {
        left = binary(BinaryOperator.DIV, left, signed(depth + 1), sign);
      } else {
        return left;
      }
    }
  }

  /** The sign between operands comes after the left one, which it lifts by one. */
  private Expression binary(
      BinaryOperator operator, Expression left, Expression right, int position) {
    count(position);
    return checked(new Binary(operator, left, right), position);
  }

  private static Expression checked(Expression tree, int position) {
    if (tree.height() > MAX_HEIGHT) {
      throw tooDeep(position);
    }
    return tree;
  }

  private static ExpressionException tooDeep(int position) {
    return new ExpressionException(
        position, "too deep, expected at most " + MAX_HEIGHT + " operators inside one another");
  }

  private void count(int position) {
    size++;
    if (size > MAX_SIZE) {
      throw new ExpressionException(
          position, "too large, expected at most " + MAX_SIZE + " operators, inputs and constants");
    }
  }

  private Expression signed(int depth) {
    int start = scanner.position();
    if (scanner.accept('(')) {
      return bracketed(depth, start);
    }
    if (depth > MAX_HEIGHT) {
      throw tooDeep(start);
    }
    count(start);
    if (scanner.startsNumber()) {
      return new Constant(scanner.number());
    }
    if (scanner.accept('-')) {
      return checked(new Unary(UnaryOperator.NEG, signed(depth + 1)), start);
    }
    return named(scanner.name("an operator, an input or a number"), start, depth);
  }

  private Expression bracketed(int depth, int start) {
    brackets++;
    if (brackets > MAX_BRACKETS) {
      throw new ExpressionException(
          start, "too deep, expected at most " + MAX_BRACKETS + " brackets inside one another");
    }
    Expression inner = sum(depth);
    scanner.expect(')', "')' after what the bracket holds");
    brackets--;
    return inner;
  }

  private Expression named(String name, int start, int depth) {
    Optional<UnaryOperator> unary = find(UnaryOperator.values(), UnaryOperator::symbol, name);
    if (unary.isPresent()) {
      require(unary.get().allowedIn(branch), start, name);
      scanner.expect('(', "'(' and the one operand of " + name);
      Expression operand = sum(depth + 1);
      scanner.expect(')', "')' after the one operand of " + name);
      return checked(new Unary(unary.get(), operand), start);
    }
    Optional<BinaryOperator> binary = find(BinaryOperator.values(), BinaryOperator::symbol, name);
    if (binary.isPresent()) {
      require(binary.get().allowedIn(branch), start, name);
      scanner.expect('(', "'(' and the two operands of " + name);
      Expression left = sum(depth + 1);
      scanner.expect(',', "',' and the second operand of " + name);
      Expression right = sum(depth + 1);
      scanner.expect(')', "')' after the two operands of " + name);
      return checked(new Binary(binary.get(), left, right), start);
    }
    Optional<Variable> variable = find(Variable.values(), Variable::name, name);
    require(variable.isEmpty() || branch.variables().contains(variable.get()), start, name);
    return new Input(variable.orElseThrow(() -> unknown(name, start)));
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

  private ExpressionException unknown(String name, int start) {
    List<String> known =
        Stream.concat(branch.variables().stream().map(Variable::name), operators()).toList();
    String nearest = NearestName.of(name, known).map(one -> ", nearest is " + one).orElse("");
    return new ExpressionException(
        start,
        "unknown name %s%s, expected %s".formatted(Scanner.quoted(name), nearest, vocabulary()));
  }

  private String vocabulary() {
    String inputs =
        branch.variables().stream().map(Variable::name).collect(Collectors.joining(" "));
    return "a number, an input (%s) or an operator (%s)"
        .formatted(inputs, operators().collect(Collectors.joining(" ")));
  }

  private Stream<String> operators() {
    Stream<String> unary =
        Stream.of(UnaryOperator.values())
            .filter(operator -> operator.allowedIn(branch))
            .map(UnaryOperator::symbol);
    Stream<String> binary =
        Stream.of(BinaryOperator.values())
            .filter(operator -> operator.allowedIn(branch))
            .map(BinaryOperator::symbol);
    return Stream.concat(binary, unary);
  }
}
