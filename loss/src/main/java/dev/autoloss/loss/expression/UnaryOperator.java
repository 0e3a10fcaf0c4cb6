package dev.autoloss.loss.expression;

import java.util.Locale;

/**
 * The operators of one operand, with the meaning of the published code.
 *
 * <p>An operator's meaning is computed in two places only: the evaluation on arrays and the
 * trainer's tensor graph.
 *
 * @see <a href="https://arxiv.org/abs/2102.04700">Liu et al., ICLR 2021</a>
 */
public enum UnaryOperator {
  /** {@code −x}. */
  NEG(true, "-x"),
  /** {@code exp(min(x, 88))}. */
  EXP(true, "exp(min(x, 88))"),
  /** {@code log(x + 1e-20)}; NaN below −1e-20. */
  LOG(true, "log(x + 1e-20)"),
  /** {@code |x|}, gradient 0 at 0. */
  ABS(true, "|x|"),
  /** {@code sqrt(x)}; NaN below 0. */
  SQRT(true, "sqrt(x)"),
  /** {@code log(1 + exp(x))}. */
  SOFTPLUS(true, "log(1 + exp(x))"),
  /** Logistic sigmoid. */
  SIG(true, "1/(1 + exp(-x))"),
  /** Hyperbolic tangent. */
  TANH(true, "tanh(x)"),
  /** {@code max(x, 0)}, gradient 0 at 0. */
  RELU(true, "max(x, 0)"),
  /** Sine. */
  SIN(true, "sin(x)"),
  /** Cosine. */
  COS(true, "cos(x)"),
  /** Softmax over the columns of a row. */
  SOFTMAX(false, "exp(x)/sum(exp(x))"),
  /** S-curve of the error function: {@code (erf(√π/2 · x/2) + 1)/2}. */
  SERF(false, "(erf(sqrt(pi)/2 * x/2) + 1)/2"),
  /** Falling S-curve: {@code 1 − Serf(x)}; the 21st operator, an engineering choice of ours. */
  SERFC(false, "1 - Serf(x)"),
  /** S-curve of the algebraic function: {@code ((x/2)/√(1 + (x/2)²) + 1)/2}. */
  SALF(false, "((x/2)/sqrt(1 + (x/2)^2) + 1)/2"),
  /** S-curve of the Gudermannian: {@code ((2/π)·gd(πx/4) + 1)/2, gd(t) = 2·atan(tanh(t/2))}. */
  SGDF(false, "((2/pi)*gd(pi*x/4) + 1)/2");

  private final String symbol;
  private final boolean regression;
  private final String definition;

  UnaryOperator(boolean regression, String definition) {
    this.symbol = name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    this.regression = regression;
    this.definition = definition;
  }

  /**
   * The name in the stored form.
   *
   * @return for example {@code Softplus}
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
    return branch.classification() || regression;
  }

  /**
   * What is computed, as a formula of {@code x}.
   *
   * @return plain text
   */
  public String definition() {
    return definition;
  }
}
