package dev.autoloss.search;

/** Checks of numbers that a document gives. */
final class Numbers {
  private Numbers() {}

  static void atLeast(String field, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          field + ": expected at least " + least + ", found " + value);
    }
  }

  static void between(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          field + ": expected " + least + " to " + most + ", found " + value);
    }
  }

  static double rate(String field, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          field + ": expected a finite number of at least 0, found " + value);
    }
    return value;
  }
}
