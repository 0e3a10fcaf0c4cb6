package dev.autoloss.loss.evaluation;

/** How far a node's values reach over rows × columns; in the order in which they broadcast. */
enum Shape {
  /** One number for all. */
  SCALAR,
  /** One number a row. */
  COLUMN,
  /** One number a row and column, row by row. */
  FULL;

  int length(int rows, int columns) {
    return switch (this) {
      case SCALAR -> 1;
      case COLUMN -> rows;
      case FULL -> rows * columns;
    };
  }

  int rowsOf(int rows) {
    return this == SCALAR ? 1 : rows;
  }

  int columnsOf(int columns) {
    return this == FULL ? columns : 1;
  }

  /** Steps in the array from one row to the next. */
  int rowStep(int columns) {
    return switch (this) {
      case SCALAR -> 0;
      case COLUMN -> 1;
      case FULL -> columns;
    };
  }

  /** Steps in the array from one column to the next. */
  int columnStep() {
    return this == FULL ? 1 : 0;
  }

  Shape with(Shape other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
