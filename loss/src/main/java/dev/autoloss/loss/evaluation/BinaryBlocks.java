package dev.autoloss.loss.evaluation;

import dev.autoloss.loss.expression.BinaryOperator;

/** The operators of two operands over blocks of equally many numbers. */
final class BinaryBlocks {
  private BinaryBlocks() {}

  /** Values; of {@code Dot} the products, which are still to be summed. */
  static void value(BinaryOperator operator, double[] a, double[] b, double[] result, int length) {
    switch (operator) {
      case ADD -> {
        for (int i = 0; i < length; i++) {
          result[i] = a[i] + b[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < length; i++) {
          result[i] = a[i] - b[i];
        }
      }
      case MUL, DOT -> {
        for (int i = 0; i < length; i++) {
          result[i] = a[i] * b[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < length; i++) {
          result[i] = a[i] / (b[i] + Numerics.DIVISOR_EPSILON);
        }
      }
    }
  }

  /** Adds what flows back to the left operand, whose right one is {@code b}. */
  static void toLeft(
      BinaryOperator operator, double[] b, double[] flow, double[] result, int length) {
    switch (operator) {
      case ADD, SUB -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i];
        }
      }
      case MUL, DOT -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i] * b[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i] / (b[i] + Numerics.DIVISOR_EPSILON);
        }
      }
    }
  }

  /** Adds what flows back to the right operand {@code b}, whose left one is {@code a}. */
  static void toRight(
      BinaryOperator operator, double[] a, double[] b, double[] flow, double[] result, int length) {
    switch (operator) {
      case ADD -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i];
        }
      }
      case SUB -> {
        for (int i = 0; i < length; i++) {
          result[i] -= flow[i];
        }
      }
      case MUL, DOT -> {
        for (int i = 0; i < length; i++) {
          result[i] += flow[i] * a[i];
        }
      }
      case DIV -> {
        for (int i = 0; i < length; i++) {
          double divisor = b[i] + Numerics.DIVISOR_EPSILON;
          result[i] -= flow[i] * (a[i] / divisor / divisor);
        }
      }
    }
  }
}
