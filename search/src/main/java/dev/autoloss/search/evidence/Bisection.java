package dev.autoloss.search.evidence;

import java.util.function.DoubleUnaryOperator;

/** Where a rising function takes a value. */
final class Bisection {
  private Bisection() {}

  /** The point between two bounds, to the last digit; a bound if the value lies outside. */
  static double rising(DoubleUnaryOperator function, double value, double from, double to) {
    double low = from;
    double high = to;
    while (true) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        return middle;
      }
      if (function.applyAsDouble(middle) < value) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
