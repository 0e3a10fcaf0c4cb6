package dev.autoloss.search.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** All distributions, tests and correlations against SciPy's, case by case. */
class ScipyTest {
  private static final double RELATIVE = 1e-9;

  /** SciPy's own noncentral t and our integral both have fewer digits. */
  private static final double RELATIVE_OF_INTEGRALS = 1e-6;

  private static List<String> cases() throws IOException {
    try (InputStream stream = ScipyTest.class.getResourceAsStream("scipy-1.15.3.csv")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  @Test
  void agreesWithScipy() throws IOException {
    Set<String> kinds = new HashSet<>();
    for (String line : cases()) {
      String[] fields = line.split(",");
      double expected = Double.parseDouble(fields[1]);
      boolean integral = fields[0].equals("noncentralTail") || fields[0].equals("largestOf");
      double tolerance = integral ? RELATIVE_OF_INTEGRALS : RELATIVE;
      assertEquals(
          expected, computed(fields), tolerance * Math.abs(expected) + 1e-14, () -> "case " + line);
      kinds.add(fields[0]);
    }
    assertEquals(12, kinds.size());
  }

  private static double computed(String[] fields) {
    return switch (fields[0]) {
      case "tTest" -> sample(fields[2]).tTest().orElseThrow();
      case "signFlip" -> sample(fields[2]).signFlipTest().orElseThrow();
      case "intervalLow" -> sample(fields[2]).interval(0.9).orElseThrow().low();
      case "intervalHigh" -> sample(fields[2]).interval(0.9).orElseThrow().high();
      case "spearman" -> ranks(fields).spearman();
      case "kendall" -> ranks(fields).kendall();
      default -> distribution(fields[0], numbers(fields));
    };
  }

  private static double distribution(String kind, double[] x) {
    return switch (kind) {
      case "tCdf" -> StudentT.cdf(x[0], x[1]);
      case "tQuantile" -> StudentT.quantile(x[0], x[1]);
      case "noncentralTail" -> Power.noncentralTail(x[0], (int) x[1], x[2]);
      case "normalCdf" -> Normal.cdf(x[0]);
      case "normalQuantile" -> Normal.quantile(x[0]);
      case "largestOf" -> Power.luck(1, 1, (int) x[0]);
      default -> fail("unknown kind " + kind);
    };
  }

  private static double[] numbers(String[] fields) {
    return Arrays.stream(fields).skip(2).mapToDouble(Double::parseDouble).toArray();
  }

  private static Sample sample(String list) {
    return Sample.of(values(list));
  }

  private static List<Double> values(String list) {
    return Arrays.stream(list.split(";")).map(Double::valueOf).toList();
  }

  private static RankCorrelation ranks(String[] fields) {
    return RankCorrelation.of(values(fields[2]), values(fields[3])).orElseThrow();
  }

  /** Of the table in Student's t as every textbook prints it. */
  @Test
  void quantilesAreThoseOfThePublishedTable() {
    double[][] table = {
      {1, 6.314, 12.706, 63.657},
      {2, 2.920, 4.303, 9.925},
      {3, 2.353, 3.182, 5.841},
      {4, 2.132, 2.776, 4.604},
      {10, 1.812, 2.228, 3.169},
      {30, 1.697, 2.042, 2.750},
      {120, 1.658, 1.980, 2.617}
    };
    double[] at = {0.95, 0.975, 0.995};
    for (double[] row : table) {
      for (int i = 0; i < at.length; i++) {
        assertEquals(row[i + 1], StudentT.quantile(at[i], row[0]), 5.1e-4);
      }
    }
  }

  @Test
  void normalTailsKeepTheirDigitsOnBothSides() {
    for (double x = 0; x < 8; x += 0.01) {
      assertEquals(1, Normal.cdf(x) + Normal.cdf(-x), 1e-15);
      assertTrue(Normal.cdf(-x - 0.01) < Normal.cdf(-x), "not rising at " + -x);
    }
  }
}
