package dev.autoloss.loss.gate;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as the reasons print them. */
final class Numbers {
  private static final MathContext DIGITS = new MathContext(4);
  private static final double PLAIN_BELOW = 1e6;
  private static final double PLAIN_ABOVE = 1e-4;

  private Numbers() {}

  /** Four significant digits. */
  static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    return size == 0 || (size >= PLAIN_ABOVE && size < PLAIN_BELOW)
        ? rounded.toPlainString()
        : rounded.toString();
  }
}
