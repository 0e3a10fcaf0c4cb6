package dev.autoloss.loss.picture;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The curves of {@link LossSheet} in characters: a small chart for each, 80 columns in all. */
public final class TerminalPlot {
  private static final int WIDTH = 80;
  private static final int LABEL = 9;
  private static final int ROWS = 7;
  private static final char FIRST_BRAILLE = '⠀';

  /** The bits of a braille character's dots, left and right column from top to bottom. */
  private static final int[][] DOTS = {{1, 2, 4, 64}, {8, 16, 32, 128}};

  private final boolean unicode;
  private final List<String> lines = new ArrayList<>();

  private TerminalPlot(boolean unicode) {
    this.unicode = unicode;
  }

  /**
   * Draws a loss.
   *
   * @param expression a loss of the branch
   * @param branch the branch
   * @param unicode whether braille patterns can be shown; else plain ASCII is used
   * @return lines of at most 80 characters
   * @throws IllegalArgumentException if the expression uses an input of another branch
   */
  public static List<String> lines(Expression expression, Branch branch, boolean unicode) {
    var plot = new TerminalPlot(unicode);
    for (List<Chart> row : LossCharts.of(expression, branch)) {
      plot.row(row);
    }
    return List.copyOf(plot.lines);
  }

  /** Charts of one curve each stand side by side; the curves of one chart, too. */
  private void row(List<Chart> charts) {
    List<Chart> singles =
        charts.stream()
            .flatMap(
                chart ->
                    chart.curves().stream()
                        .map(
                            curve ->
                                new Chart(
                                    chart.title(),
                                    curve.name().isEmpty() ? chart.axis() : curve.name(),
                                    chart.ticks(),
                                    List.of(curve))))
            .toList();
    List<Range> ranges = ranges(singles);
    boolean shared = ranges.stream().distinct().count() == 1;
    int width = (WIDTH - (shared ? LABEL : singles.size() * LABEL)) / singles.size() - 1;
    lines.add(padded(titles(charts), WIDTH).stripTrailing());
    var heads = new StringBuilder();
    List<StringBuilder> rows = new ArrayList<>();
    for (int k = 0; k < ROWS; k++) {
      rows.add(new StringBuilder());
    }
    var feet = new StringBuilder();
    for (int k = 0; k < singles.size(); k++) {
      int label = shared && k > 0 ? 0 : LABEL;
      Chart chart = singles.get(k);
      heads.append(" ".repeat(label)).append(padded(text(chart.axis()), width)).append(' ');
      feet.append(" ".repeat(label)).append(ends(chart.ticks(), width)).append(' ');
      char[][] cells = cells(chart.curves().getFirst().values(), ranges.get(k), width);
      for (int r = 0; r < ROWS; r++) {
        rows.get(r).append(label == 0 ? "" : label(ranges.get(k), r)).append(cells[r]).append(' ');
      }
    }
    lines.add(heads.toString().stripTrailing());
    rows.forEach(line -> lines.add(line.toString().stripTrailing()));
    lines.add(feet.toString().stripTrailing());
  }

  private static List<Range> ranges(List<Chart> charts) {
    boolean alike = charts.stream().map(Chart::title).distinct().count() == 1;
    Range all = Range.of(charts.stream().flatMap(chart -> chart.curves().stream()).toList());
    return charts.stream().map(chart -> alike ? all : Range.of(chart.curves())).toList();
  }

  private String titles(List<Chart> charts) {
    return text(String.join(", ", charts.stream().map(Chart::title).distinct().toList()));
  }

  private String ends(List<String> ticks, int width) {
    String left = text(ticks.getFirst());
    String right = text(ticks.getLast());
    return padded(left, width - right.length()) + right;
  }

  private static String padded(String text, int width) {
    String fitting = text.length() > width ? text.substring(0, width) : text;
    return fitting + " ".repeat(width - fitting.length());
  }

  private String label(Range range, int row) {
    String number = row == 0 ? number(range.high()) : row == ROWS - 1 ? number(range.low()) : "";
    return " ".repeat(LABEL - 1 - number.length()) + number + " ";
  }

  private String number(double value) {
    double size = Math.abs(value);
    boolean tiny = size != 0 && size < 1e-3;
    String number = tiny || size >= 1e4 ? scientific(1, value) : plain(value);
    return text(number.length() < LABEL ? number : scientific(0, value));
  }

  private static String plain(double value) {
    int digits = Math.abs(value) < 10 ? 3 : 1;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String scientific(int digits, double value) {
    return String.format(Locale.ROOT, "%." + digits + "e", value)
        .replace("e+0", "e")
        .replace("e+", "e")
        .replace("e-0", "e-");
  }

  private String text(String text) {
    return unicode ? text.replace("-", "−") : text.replace("−", "-");
  }

  private char[][] cells(List<Double> values, Range range, int width) {
    int across = unicode ? 2 : 1;
    int down = unicode ? 4 : 1;
    boolean[][] dots = dots(values, range, width * across, ROWS * down);
    char[][] cells = new char[ROWS][width];
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < width; column++) {
        cells[row][column] =
            unicode ? braille(dots, row, column) : dots[row][column] ? '*' : ground(range, row);
      }
    }
    return cells;
  }

  private static char braille(boolean[][] dots, int row, int column) {
    int bits = 0;
    for (int x = 0; x < 2; x++) {
      for (int y = 0; y < 4; y++) {
        bits |= dots[4 * row + y][2 * column + x] ? DOTS[x][y] : 0;
      }
    }
    return (char) (FIRST_BRAILLE + bits);
  }

  /** In plain characters the row of zero is marked. */
  private static char ground(Range range, int row) {
    boolean zero = range.low() <= 0 && range.high() >= 0;
    return zero && row == line(range, 0, ROWS) ? '.' : ' ';
  }

  private static int line(Range range, double value, int height) {
    return (int) Math.round((1 - range.share(value)) * (height - 1));
  }

  /** The dots that a curve goes through, neighbours connected. */
  private static boolean[][] dots(List<Double> values, Range range, int width, int height) {
    boolean[][] dots = new boolean[height][width];
    int before = -1;
    for (int x = 0; x < width; x++) {
      double value = values.get((int) Math.round((values.size() - 1.0) * x / (width - 1)));
      if (!Range.isShown(value)) {
        before = -1;
        continue;
      }
      int y = line(range, value, height);
      int from = before < 0 ? y : before + Integer.signum(y - before);
      for (int k = Math.min(from, y); k <= Math.max(from, y); k++) {
        dots[k][x] = true;
      }
      before = y;
    }
    return dots;
  }
}
