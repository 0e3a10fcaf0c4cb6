package dev.autoloss.search.evidence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How far two measurements of the same things put them in the same order, for example a cheap rung
 * and a dear one.
 *
 * @param spearman Spearman's ρ: Pearson's correlation of the ranks, equal values sharing the mean
 *     of their ranks; in −1..1
 * @param kendall Kendall's τ-b, which counts pairs in the same and in the other order and is
 *     corrected for equal values; in −1..1
 * @param n things that both have measured
 */
public record RankCorrelation(double spearman, double kendall, int n) {
  /** A rung that agrees less with the one above it does not choose what is promoted. */
  public static final double LEAST_TO_PROMOTE = 0.5;

  /**
   * Compares two measurements.
   *
   * @param first values of one
   * @param second values of the other, of the same things in the same order
   * @return empty for fewer than two things, or if one measurement gives all the same value
   * @throws IllegalArgumentException if the lists differ in length or hold NaN
   */
  public static Optional<RankCorrelation> of(List<Double> first, List<Double> second) {
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "expected as many values, found " + first.size() + " and " + second.size());
    }
    double[] one = values(first);
    double[] other = values(second);
    if (one.length < 2 || constant(one) || constant(other)) {
      return Optional.empty();
    }
    return Optional.of(
        new RankCorrelation(pearson(ranks(one), ranks(other)), kendall(one, other), one.length));
  }

  /**
   * Says whether the cheaper measurement may choose whom the dearer one looks at.
   *
   * @return false if ρ is under .5
   */
  public boolean promotes() {
    return spearman >= LEAST_TO_PROMOTE;
  }

  private static double[] values(List<Double> list) {
    double[] values = list.stream().mapToDouble(Double::doubleValue).toArray();
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("expected numbers, found NaN");
    }
    return values;
  }

  private static boolean constant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static double[] ranks(double[] values) {
    return Arrays.stream(values)
        .map(
            value -> {
              long below = Arrays.stream(values).filter(other -> other < value).count();
              long equal = Arrays.stream(values).filter(other -> other == value).count();
              return below + (equal + 1) / 2.0;
            })
        .toArray();
  }

  private static double pearson(double[] first, double[] second) {
    double firstMean = Arrays.stream(first).average().orElseThrow();
    double secondMean = Arrays.stream(second).average().orElseThrow();
    double both = 0;
    double firstSquares = 0;
    double secondSquares = 0;
    for (int i = 0; i < first.length; i++) {
      double x = first[i] - firstMean;
      double y = second[i] - secondMean;
      both += x * y;
      firstSquares += x * x;
      secondSquares += y * y;
    }
    return both / Math.sqrt(firstSquares * secondSquares);
  }

  private static double kendall(double[] first, double[] second) {
    long same = 0;
    long untiedFirst = 0;
    long untiedSecond = 0;
    for (int i = 0; i < first.length; i++) {
      for (int j = 0; j < i; j++) {
        double x = Math.signum(first[i] - first[j]);
        double y = Math.signum(second[i] - second[j]);
        same += (long) (x * y);
        untiedFirst += x == 0 ? 0 : 1;
        untiedSecond += y == 0 ? 0 : 1;
      }
    }
    return same / Math.sqrt((double) untiedFirst * untiedSecond);
  }
}
