package dev.autoloss.loss.picture;

import java.util.List;
import java.util.Locale;

/**
 * A chart inside a picture: axes, grid and curves over a common range of values.
 *
 * @param left where the plotting area starts, in picture units
 * @param width width of the plotting area
 * @param label what the horizontal axis shows
 * @param ticks texts at equal distances from the left to the right end of the axis
 */
record Panel(double left, double width, String label, List<String> ticks) {
  private static final double TOP = 24;
  private static final double BOTTOM = 146;
  private static final int GRID_LINES = 4;

  /** A range below this share of its values is drawn as a flat line. */
  private static final double FLAT = 1e-6;

  /** Values beyond are drawn as gaps: single precision ends there. */
  private static final double LARGEST = Float.MAX_VALUE;

  /**
   * The values that are shown.
   *
   * @param low at the bottom
   * @param high at the top, above {@code low}
   */
  record Range(double low, double high) {
    static Range of(List<Curve> curves) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (Curve curve : curves) {
        for (double value : curve.values()) {
          if (drawn(value)) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
      }
      if (low > high) {
        return new Range(0, 1);
      }
      double size = Math.max(Math.abs(low), Math.abs(high));
      double margin = high - low > FLAT * size ? 0 : Math.max(1, size);
      return new Range(low - margin, high + margin);
    }

    double y(double value) {
      return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP);
    }

    /** The distance of grid lines: 1, 2 or 5 times a power of ten. */
    double step() {
      double rough = (high - low) / GRID_LINES;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double lead = rough / power;
      return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }
  }

  private static boolean drawn(double value) {
    return Math.abs(value) <= LARGEST;
  }

  void draw(StringBuilder svg, List<Curve> curves, Range range) {
    grid(svg, range);
    for (int k = 0; k < ticks.size(); k++) {
      double x = left + width * k / (ticks.size() - 1);
      text(svg, x, BOTTOM + 11, "middle", ticks.get(k));
    }
    text(svg, left + width / 2, BOTTOM + 24, "middle", label);
    for (Curve curve : curves) {
      svg.append(
          "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"%s/>"
              .formatted(
                  path(curve.values(), range),
                  curve.colour(),
                  curve.dashed() ? " stroke-dasharray=\"4 3\"" : ""));
    }
  }

  private void grid(StringBuilder svg, Range range) {
    double step = range.step();
    for (double k = Math.ceil(range.low / step); k * step <= range.high; k++) {
      double y = range.y(k * step);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %.1fh%.1f\" stroke=\"currentColor\" stroke-opacity=\"%s\"/>",
              left,
              y,
              width,
              k == 0 ? "0.5" : "0.15"));
      text(svg, left - 3, y + 3, "end", number(k * step + 0.0, step));
    }
  }

  private static String number(double value, double step) {
    if (Math.abs(value) >= 1e5 || step < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value).replace("-", "−");
    }
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + digits + "f", value).replace("-", "−");
  }

  private String path(List<Double> values, Range range) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int k = 0; k < values.size(); k++) {
      if (drawn(values.get(k))) {
        double x = left + width * k / (values.size() - 1);
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x, range.y(values.get(k))));
      }
      pen = drawn(values.get(k));
    }
    return path.toString();
  }

  static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            text));
  }
}
