package dev.autoloss.loss.expression;

import java.util.List;

/**
 * The place in a detector where a loss stands: it decides the inputs and the operators.
 *
 * @see Variable
 */
public enum Branch {
  /** Softmax classification of a two-stage detector: {@code X, Y, Z}. */
  TWO_STAGE("two-stage"),
  /** Sigmoid classification of a one-stage detector: {@code X, Q, PY, NY}. */
  ONE_STAGE("one-stage"),
  /** Box regression: {@code I, U, E}. */
  REGRESSION("regression");

  private final String label;

  Branch(String label) {
    this.label = label;
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
    return switch (this) {
      case TWO_STAGE -> List.of(Variable.X, Variable.Y, Variable.Z);
      case ONE_STAGE -> List.of(Variable.X, Variable.Q, Variable.PY, Variable.NY);
      case REGRESSION -> List.of(Variable.I, Variable.U, Variable.E);
    };
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
