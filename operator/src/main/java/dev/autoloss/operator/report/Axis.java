package dev.autoloss.operator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps numbers to places on a line.
 *
 * @param low number at the start
 * @param high number at the end, above {@code low}
 * @param start place of {@code low}
 * @param end place of {@code high}
 */
record Axis(double low, double high, double start, double end) {
  private static final int TICKS = 5;
  private static final double ROUNDING = 1e-9;

  double at(double number) {
    return start + (number - low) / (high - low) * (end - start);
  }

  /** The distance of ticks: 1, 2 or 5 times a power of ten. */
  double step() {
    double rough = (high - low) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power
        * (lead < 1 + ROUNDING ? 1 : lead < 2 + ROUNDING ? 2 : lead < 5 + ROUNDING ? 5 : 10);
  }

  /** Round numbers within the axis. */
  List<Double> ticks() {
    var ticks = new ArrayList<Double>();
    double step = step();
    for (double k = Math.ceil(low / step - ROUNDING); k * step <= high + ROUNDING * step; k++) {
      ticks.add(k * step + 0.0);
    }
    return ticks;
  }

  /** A tick with the digits that tell it from its neighbour. */
  String label(double tick) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step()) + ROUNDING));
    return String.format(Locale.ROOT, "%." + digits + "f", tick);
  }

  /** A place with one decimal. */
  static String place(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }
}
