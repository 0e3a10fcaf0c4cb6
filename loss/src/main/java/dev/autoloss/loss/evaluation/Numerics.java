package dev.autoloss.loss.evaluation;

/**
 * The clamps and small numbers of the published code, by name. They are a part of what a loss
 * means: with others, another loss is trained.
 *
 * @see <a href="https://arxiv.org/abs/2102.04700">Liu et al., ICLR 2021, and its published code</a>
 */
public final class Numerics {
  /** Added to every divisor, whatever its sign: {@code Div(a, b) = a/(b + 1e-20)}. */
  public static final double DIVISOR_EPSILON = 1e-20;

  /** Added to every argument of {@code Log}, so that {@code Log(0)} is −46.05. */
  public static final double LOG_EPSILON = 1e-20;

  /** Arguments of {@code Exp} are cut here, where single precision still holds the result. */
  public static final double LARGEST_EXPONENT = 88;

  /** Added to the areas of union and enclosing box. */
  public static final double AREA_EPSILON = 1e-7;

  /** Overlaps that a loss gets as an input are at least this. */
  public static final double LEAST_OVERLAP = 1e-7;

  private Numerics() {}
}
