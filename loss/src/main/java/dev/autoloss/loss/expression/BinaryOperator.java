package dev.autoloss.loss.expression;

import java.util.Locale;

/** The operators of two operands, with the meaning of the published code. */
public enum BinaryOperator {
  /** {@code a + b}. */
  ADD("a + b"),
  /** {@code a − b}. */
  SUB("a - b"),
  /** {@code a · b}. */
  MUL("a * b"),
  /** {@code a/(b + 1e-20)}: not safe for signs, as published. */
  DIV("a/(b + 1e-20)"),
  /**
   * Sum over the columns of {@code a · b}: one value a row, kept as a column that broadcasts
   * against whole rows; two-stage only. Operands without columns of their own (constants, results
   * of {@code Dot}) are only multiplied when both are such.
   */
  DOT("sum over classes of a*b");

  private final String symbol;
  private final String definition;

  BinaryOperator(String definition) {
    this.symbol = name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    this.definition = definition;
  }

  /**
   * The name in the stored form.
   *
   * @return for example {@code Add}
   */
  public String symbol() {
    return symbol;
  }

  /**
   * Says whether an expression of this branch may use the operator.
   *
   * @param branch the branch
   * @return true if it may
   */
  public boolean allowedIn(Branch branch) {
    return this != DOT || branch == Branch.TWO_STAGE;
  }

  /**
   * What is computed, as a formula of {@code a} and {@code b}.
   *
   * @return plain text
   */
  public String definition() {
    return definition;
  }
}
