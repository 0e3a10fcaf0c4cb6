package dev.autoloss.loss.expression;

import java.util.List;

/**
 * The place in a detector where a loss stands: it decides the inputs and the operators.
 *
 * @see Variable
 */
public enum Branch {
  /** Softmax classification of a two-stage detector: {@code X, Y, Z}. */
  TWO_STAGE("two-stage", Variable.X, Variable.Y, Variable.Z),
  /** Sigmoid classification of a one-stage detector: {@code X, Q, PY, NY}. */
  ONE_STAGE("one-stage", Variable.X, Variable.Q, Variable.PY, Variable.NY),
  /** Box regression: {@code I, U, E}. */
  REGRESSION("regression", Variable.I, Variable.U, Variable.E);

  private final String label;

  // An unmodifiable list of constants.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Variable> variables;

  Branch(String label, Variable... variables) {
    this.label = label;
    this.variables = List.of(variables);
  }

  /**
   * The name on the command line.
   *
   * @return for example {@code two-stage}
   */
  public String label() {
    return label;
  }

  /**
   * The inputs that an expression of this branch may use.
   *
   * @return in the order of the published code
   */
  public List<Variable> variables() {
    return variables;
  }

  /**
   * Says whether the loss scores classes.
   *
   * @return false for {@link #REGRESSION}
   */
  public boolean classification() {
    return this != REGRESSION;
  }
}
