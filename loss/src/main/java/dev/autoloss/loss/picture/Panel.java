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
    for (double value : range.gridLines()) {
      double y = y(range, value);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %.1fh%.1f\" stroke=\"currentColor\" stroke-opacity=\"%s\"/>",
              left,
              y,
              width,
              value == 0 ? "0.5" : "0.15"));
      text(svg, left - 3, y + 3, "end", range.label(value));
    }
  }

  private static double y(Range range, double value) {
    return BOTTOM - range.share(value) * (BOTTOM - TOP);
  }

  private String path(List<Double> values, Range range) {
    var path = new StringBuilder();
    boolean pen = false;
    for (int k = 0; k < values.size(); k++) {
      if (Range.isShown(values.get(k))) {
        double x = left + width * k / (values.size() - 1);
        path.append(
            String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x, y(range, values.get(k))));
      }
      pen = Range.isShown(values.get(k));
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
