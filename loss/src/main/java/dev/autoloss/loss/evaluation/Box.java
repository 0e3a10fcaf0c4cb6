package dev.autoloss.loss.evaluation;

/**
 * A box with sides along the axes.
 *
 * @param left smallest x
 * @param top smallest y
 * @param right greatest x, at least {@code left}
 * @param bottom greatest y, at least {@code top}
 */
public record Box(double left, double top, double right, double bottom) {
  /**
   * Checks the order of the sides.
   *
   * @throws IllegalArgumentException if the width or the height is negative or NaN
   */
  public Box {
    if (!(right >= left && bottom >= top)) {
      throw new IllegalArgumentException(
          "box %s, %s, %s, %s, expected left ≤ right and top ≤ bottom"
              .formatted(left, top, right, bottom));
    }
  }

  /**
   * A box around a point.
   *
   * @param x centre
   * @param y centre
   * @param width at least 0
   * @param height at least 0
   * @return the box
   */
  public static Box around(double x, double y, double width, double height) {
    return new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
  }

  /**
   * The distance from left to right.
   *
   * @return at least 0
   */
  public double width() {
    return right - left;
  }

  /**
   * The distance from top to bottom.
   *
   * @return at least 0
   */
  public double height() {
    return bottom - top;
  }

  /**
   * The area.
   *
   * @return at least 0
   */
  public double area() {
    return width() * height();
  }
}
