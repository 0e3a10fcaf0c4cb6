package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.Expression;

/** An expression as mathematics are written, with the symbols of the paper. */
public final class Formula {
  private static final Notation LINE = new LineNotation();
  private static final Notation LATEX = new LatexNotation();

  private Formula() {}

  /**
   * The formula on one line, for example {@code −log σ(x)}.
   *
   * <p>Inputs are {@code x} logit, {@code y} label, {@code w} overlap ({@code Z}; {@code Q} is
   * {@code wy}, {@code NY} is {@code 1 − y}), {@code i u e} areas; {@code erfₛ erfcₛ alfₛ gdₛ} the
   * scaled S-curves; {@code Σ} sums over classes. Sums and products are written without inner
   * brackets, so that two expressions that differ by the order of additions may look the same.
   *
   * @param expression the expression
   * @return Unicode text without line breaks
   */
  public static String infix(Expression expression) {
    return LINE.text(expression, true);
  }

  /**
   * The formula for a paper: mathematics mode of LaTeX with the amsmath package, or KaTeX; symbols
   * as in {@link #infix}.
   *
   * @param expression the expression
   * @return for example {@code -\log \sigma(x)}, ASCII on one line, without dollar signs
   */
  public static String latex(Expression expression) {
    return LATEX.text(expression, true);
  }
}
