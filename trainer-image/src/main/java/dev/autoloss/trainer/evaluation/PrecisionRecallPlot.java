package dev.autoloss.trainer.evaluation;

import java.util.List;
import java.util.Locale;

/** Precision over recall as a picture, an SVG. */
public final class PrecisionRecallPlot {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 360;
  private static final int LEFT = 48;
  private static final int TOP = 36;
  private static final int SIDE = 280;
  private static final List<String> COLOURS = List.of("#1f5fbf", "#c2571a");
  private static final List<String> NAMES = List.of("IoU .50", "IoU .75");

  private PrecisionRecallPlot() {}

  /**
   * Draws two curves.
   *
   * @param title what they are of
   * @param precision at IoU .50 and .75, each at recalls evenly from 0 to 1; none where there is
   *     nothing to be found
   * @return the text of an SVG file
   */
  public static String svg(String title, List<List<Double>> precision) {
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n"
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
    svg.append("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n".formatted(WIDTH, HEIGHT));
    text(svg, LEFT, TOP - 14, "start", title);
    for (int tenth = 0; tenth <= 10; tenth += 2) {
      double at = tenth / 10.;
      line(svg, x(0), y(at), x(1), y(at));
      line(svg, x(at), y(0), x(at), y(1));
      String label = String.format(Locale.ROOT, "%.1f", at);
      text(svg, x(0) - 6, y(at) + 4, "end", label);
      text(svg, x(at), y(0) + 16, "middle", label);
    }
    text(svg, x(.5), y(0) + 32, "middle", "recall");
    text(svg, LEFT, TOP - 1, "end", "precision");
    for (int curve = 0; curve < precision.size(); curve++) {
      curve(svg, precision.get(curve), COLOURS.get(curve));
      double mean = precision.get(curve).stream().mapToDouble(p -> p).average().orElse(0);
      String legend = String.format(Locale.ROOT, "%s: AP %.3f", NAMES.get(curve), mean);
      int row = TOP + 14 + 16 * curve;
      svg.append(
          "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>\n"
              .formatted(LEFT + SIDE - 112, row - 9, COLOURS.get(curve)));
      text(svg, LEFT + SIDE - 98, row, "start", legend);
    }
    if (precision.isEmpty()) {
      text(svg, x(.5), y(.5), "middle", "nothing to be found");
    }
    return svg.append("</svg>\n").toString();
  }

  private static double x(double recall) {
    return LEFT + SIDE * recall;
  }

  private static double y(double precision) {
    return TOP + SIDE * (1 - precision);
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void curve(StringBuilder svg, List<Double> precision, String colour) {
    svg.append(
        "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"".formatted(colour));
    for (int i = 0; i < precision.size(); i++) {
      double recall = (double) i / (precision.size() - 1);
      svg.append(
          String.format(
              Locale.ROOT, "%s%.2f,%.2f", i == 0 ? "" : " ", x(recall), y(precision.get(i))));
    }
    svg.append("\"/>\n");
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
            x,
            y,
            anchor,
            escaped));
  }
}
