package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.picture.Canvas.Anchor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A loss's value and gradient as one picture, to be read on its own.
 *
 * <p>Classification: over the logit of one class from −8 to 8, for positives at overlaps 0.3, 0.6,
 * 0.9 and 1 and for a negative; in two-stage beside a background logit of 0. Regression: over
 * shift, scale and aspect of a predicted box, for a ground truth of 64 × 64 pixels. Where a value
 * is not finite the line has a gap.
 */
public final class LossSheet {
  private static final int WIDTH = 1120;
  private static final int MARGIN = 40;
  private static final int HEAD = 96;
  private static final int PANEL_HEIGHT = 300;
  private static final int WIDE_PANEL_HEIGHT = 400;
  private static final int AXIS_WIDTH = 64;
  private static final double FORMULA_SIZE = 15;
  private static final String INK = "#1f2937";
  private static final String FAINT_INK = "#6b7280";
  private static final String GRID = "#e5e7eb";
  private static final String ZERO = "#9ca3af";

  private final Expression expression;
  private final String name;
  private final List<List<Chart>> rows;

  /**
   * Computes the curves.
   *
   * @param expression a loss of the branch
   * @param branch the branch
   * @param name a heading, may be empty
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public LossSheet(Expression expression, Branch branch, String name) {
    this.expression = expression;
    this.name = name;
    List<List<Chart>> charts = LossCharts.of(expression, branch);
    // Value and gradient of classification stand side by side.
    this.rows =
        branch.classification() ? List.of(charts.stream().flatMap(List::stream).toList()) : charts;
  }

  /**
   * The picture as vectors.
   *
   * @return the text of an SVG file, black on white
   */
  public String svg() {
    var canvas = new SvgCanvas(WIDTH, height(), expression.toString());
    draw(canvas);
    return canvas.finished();
  }

  /**
   * The picture as pixels, two a unit of the SVG.
   *
   * @return the bytes of a PNG file, the same on every machine
   * @throws IOException if the pixels can not be written
   */
  public byte[] png() throws IOException {
    var canvas = new PngCanvas(WIDTH, height());
    draw(canvas);
    return canvas.finished();
  }

  private int panelHeight() {
    return rows.size() == 1 ? WIDE_PANEL_HEIGHT : PANEL_HEIGHT;
  }

  private int height() {
    return HEAD + rows.size() * panelHeight() + MARGIN / 2;
  }

  private void draw(Canvas canvas) {
    String heading = name.isEmpty() ? "Loss" : name;
    canvas.text(MARGIN, 42, 24, INK, Anchor.START, heading);
    String formula = shortened(Formula.infix(expression));
    canvas.text(MARGIN, 70, FORMULA_SIZE, FAINT_INK, Anchor.START, formula);
    legend(canvas, rows.getFirst().getFirst().curves());
    for (int row = 0; row < rows.size(); row++) {
      List<Chart> charts = rows.get(row);
      Range range = Range.of(charts.stream().flatMap(chart -> chart.curves().stream()).toList());
      double width = (WIDTH - MARGIN) / (double) charts.size();
      for (int column = 0; column < charts.size(); column++) {
        Chart chart = charts.get(column);
        boolean shared = rows.size() > 1;
        double left = MARGIN / 2.0 + column * width + AXIS_WIDTH;
        double top = HEAD + row * (double) panelHeight() + 28;
        var area = new Area(left, top, width - AXIS_WIDTH - 16, panelHeight() - 84);
        panel(
            canvas,
            chart,
            area,
            shared && isLike(charts, column) ? range : Range.of(chart.curves()));
      }
    }
  }

  /** Charts of a row that show the same quantity have the same axis. */
  private static boolean isLike(List<Chart> charts, int column) {
    return charts.stream().allMatch(chart -> chart.title().equals(charts.get(column).title()));
  }

  private static String shortened(String formula) {
    double room = (WIDTH - 2 * MARGIN) / FORMULA_SIZE;
    String text = formula;
    while (Glyphs.width(text) > room) {
      text = text.substring(0, Math.max(0, text.length() - 2)) + "…";
      text = text.endsWith("……") ? text.substring(0, text.length() - 1) : text;
    }
    return text;
  }

  private static void legend(Canvas canvas, List<Curve> curves) {
    double x = WIDTH - MARGIN / 2.0;
    for (Curve curve : curves.reversed()) {
      if (!curve.name().isEmpty()) {
        canvas.text(x, 42, 14, INK, Anchor.END, curve.name());
        x -= Glyphs.width(curve.name()) * 14 + 8;
        canvas.curve(
            List.of(new double[] {x - 28, 37}, new double[] {x, 37}),
            curve.colour(),
            curve.dashed());
        x -= 48;
      }
    }
  }

  /** Where a chart's curves are drawn. */
  private record Area(double left, double top, double width, double height) {
    double y(Range range, double value) {
      return top + height * (1 - range.share(value));
    }
  }

  private static void panel(Canvas canvas, Chart chart, Area area, Range range) {
    canvas.text(area.left, area.top - 12, 14, INK, Anchor.START, chart.title());
    for (double value : range.gridLines()) {
      double y = area.y(range, value);
      canvas.line(area.left, y, area.left + area.width, y, value == 0 ? ZERO : GRID);
      canvas.text(area.left - 8, y + 4.5, 12, FAINT_INK, Anchor.END, range.label(value));
    }
    double bottom = area.top + area.height;
    List<String> ticks = chart.ticks();
    for (int k = 0; k < ticks.size(); k++) {
      double x = area.left + area.width * k / (ticks.size() - 1);
      canvas.line(x, area.top, x, bottom + 5, GRID);
      canvas.text(x, bottom + 20, 12, FAINT_INK, Anchor.MIDDLE, ticks.get(k));
    }
    double middle = area.left + area.width / 2;
    canvas.text(middle, bottom + 40, 13, INK, Anchor.MIDDLE, chart.axis());
    for (Curve curve : chart.curves()) {
      for (List<double[]> part : parts(curve.values(), area, range)) {
        canvas.curve(part, curve.colour(), curve.dashed());
      }
    }
  }

  /** The pieces of a curve between its gaps. */
  private static List<List<double[]>> parts(List<Double> values, Area area, Range range) {
    List<List<double[]>> parts = new ArrayList<>();
    List<double[]> part = new ArrayList<>();
    for (int k = 0; k < values.size(); k++) {
      if (Range.isShown(values.get(k))) {
        double x = area.left + area.width * k / (values.size() - 1);
        part.add(new double[] {x, area.y(range, values.get(k))});
      } else {
        parts.add(part);
        part = new ArrayList<>();
      }
    }
    return Stream.concat(parts.stream(), Stream.of(part)).filter(one -> one.size() > 1).toList();
  }
}
