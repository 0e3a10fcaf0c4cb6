package dev.autoloss.loss.picture;

import java.util.List;
import java.util.Locale;

/** A picture as the text of an SVG file. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  SvgCanvas(int width, int height, String title) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                + " role=\"img\" font-family=\"'DejaVu Sans',Verdana,sans-serif\"><title>%s</title>"
                + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>",
            width,
            height,
            width,
            height,
            escaped(title),
            width,
            height));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public void line(double x1, double y1, double x2, double y2, String colour) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\"/>",
            x1,
            y1,
            x2,
            y2,
            colour));
  }

  @Override
  public void curve(List<double[]> points, String colour, boolean dashed) {
    svg.append("<path d=\"");
    for (int k = 0; k < points.size(); k++) {
      svg.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f", k == 0 ? "M" : "L", points.get(k)[0], points.get(k)[1]));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" stroke-linejoin=\"round\"%s/>",
            colour,
            dashed ? " stroke-dasharray=\"8 6\"" : ""));
  }

  @Override
  public void text(double x, double y, double size, String colour, Anchor anchor, String text) {
    String at =
        switch (anchor) {
          case START -> "start";
          case MIDDLE -> "middle";
          case END -> "end";
        };
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.0f\" fill=\"%s\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            size,
            colour,
            at,
            escaped(text)));
  }

  String finished() {
    return svg + "</svg>\n";
  }
}
