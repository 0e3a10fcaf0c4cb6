package dev.autoloss.loss.picture;

import java.util.List;

/** What a picture is drawn on: units are pixels of a picture of scale 1, y grows downwards. */
interface Canvas {
  /** Where a text stands at its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A straight line. */
  void line(double x1, double y1, double x2, double y2, String colour);

  /** Connected points of {x, y}, clipped to nothing; a single point draws nothing. */
  void curve(List<double[]> points, String colour, boolean dashed);

  /** One line of text with its base line at y. */
  void text(double x, double y, double size, String colour, Anchor anchor, String text);
}
