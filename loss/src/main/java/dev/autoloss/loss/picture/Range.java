package dev.autoloss.loss.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The values that a chart shows.
 *
 * @param low at the bottom
 * @param high at the top, above {@code low}
 */
record Range(double low, double high) {
  private static final int GRID_LINES = 4;

  /** A range below this share of its values is drawn as a flat line. */
  private static final double FLAT = 1e-6;

  /** Values beyond are drawn as gaps: single precision ends there. */
  private static final double LARGEST = Float.MAX_VALUE;

  static Range of(List<Curve> curves) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Curve curve : curves) {
      for (double value : curve.values()) {
        if (isShown(value)) {
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

  static boolean isShown(double value) {
    return Math.abs(value) <= LARGEST;
  }

  /** Where a value lies between bottom, 0, and top, 1. */
  double share(double value) {
    return (value - low) / (high - low);
  }

  /** The distance of grid lines: 1, 2 or 5 times a power of ten. */
  double step() {
    double rough = (high - low) / GRID_LINES;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  List<Double> gridLines() {
    double step = step();
    List<Double> lines = new ArrayList<>();
    for (double k = Math.ceil(low / step); k * step <= high; k++) {
      // Without the sign of a zero.
      lines.add(k * step + 0.0);
    }
    return lines;
  }

  /** A number with the digits that tell grid lines apart. */
  String label(double value) {
    double step = step();
    if (Math.abs(value) >= 1e5 || step < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", value).replace("-", "−");
    }
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return String.format(Locale.ROOT, "%." + digits + "f", value).replace("-", "−");
  }
}
