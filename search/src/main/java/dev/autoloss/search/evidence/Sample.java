package dev.autoloss.search.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Some numbers of one kind: scores, or differences of scores.
 *
 * @param values finite numbers
 */
public record Sample(List<Double> values) {
  /** More seeds than this have more patterns of signs than are counted one by one. */
  private static final int MOST_FLIPPED = 20;

  /** Sums that differ by less are the same sum, added in another order. */
  private static final double ROUNDING = 1e-12;

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if one is not finite
   */
  public Sample {
    values = List.copyOf(values);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("expected finite numbers, found " + value);
      }
    }
  }

  /**
   * Takes numbers.
   *
   * @param values finite numbers
   * @return the sample
   * @throws IllegalArgumentException if one is not finite
   */
  public static Sample of(Collection<Double> values) {
    return new Sample(new ArrayList<>(values));
  }

  /**
   * The differences of two arms, block by block; seeds that only one of them has are left out.
   *
   * @param arm whose gain is asked for
   * @param other what it is compared with
   * @return score of {@code arm} minus score of {@code other}, by rising seed
   */
  public static Sample differences(Arm arm, Arm other) {
    var differences = new ArrayList<Double>();
    arm.scores()
        .forEach(
            (seed, score) -> {
              Double opposite = other.scores().get(seed);
              if (opposite != null) {
                differences.add(score - opposite);
              }
            });
    return new Sample(differences);
  }

  /**
   * How many.
   *
   * @return at least 0
   */
  public int n() {
    return values.size();
  }

  /**
   * The mean.
   *
   * @return empty for no value
   */
  public OptionalDouble mean() {
    return values.stream().mapToDouble(Double::doubleValue).average();
  }

  /**
   * The standard deviation, with n − 1 below the line.
   *
   * @return empty for fewer than two values
   */
  public OptionalDouble sd() {
    if (n() < 2) {
      return OptionalDouble.empty();
    }
    double mean = mean().orElseThrow();
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return OptionalDouble.of(Math.sqrt(squares / (n() - 1)));
  }

  /**
   * Student's two-sided interval of the mean: mean ± t · sd / √n.
   *
   * @param confidence between 0 and 1, for example .9
   * @return empty for fewer than two values
   */
  public Optional<Interval> interval(double confidence) {
    if (n() < 2) {
      return Optional.empty();
    }
    double half =
        StudentT.quantile((1 + confidence) / 2, n() - 1) * sd().orElseThrow() / Math.sqrt(n());
    double mean = mean().orElseThrow();
    return Optional.of(new Interval(mean - half, mean + half, confidence));
  }

  /**
   * Student's one-sided test that the mean is above 0 (the paired t test, for differences). Equal
   * values leave no doubt: 0 if they are above 0, else 1.
   *
   * @return the chance of such a mean or a higher one if the true mean were 0; empty for fewer than
   *     two values
   */
  public OptionalDouble tTest() {
    if (n() < 2) {
      return OptionalDouble.empty();
    }
    double mean = mean().orElseThrow();
    double sd = sd().orElseThrow();
    if (sd == 0) {
      return OptionalDouble.of(mean > 0 ? 0 : 1);
    }
    return OptionalDouble.of(StudentT.cdf(-mean / (sd / Math.sqrt(n())), n() - 1));
  }

  /**
   * The exact sign-flip permutation test that the values lie above 0: the share of all 2ⁿ patterns
   * of signs whose sum is at least the one seen. It assumes no distribution, only that a difference
   * could as well have had the other sign; its least p is 2⁻ⁿ, so that fewer than five values never
   * reach .05.
   *
   * @return the share, in 2⁻ⁿ..1; empty for no value or more than 20
   */
  public OptionalDouble signFlipTest() {
    if (values.isEmpty() || n() > MOST_FLIPPED) {
      return OptionalDouble.empty();
    }
    double seen = 0;
    double scale = 0;
    for (double value : values) {
      seen += value;
      scale += Math.abs(value);
    }
    double least = seen - ROUNDING * scale;
    long patterns = 1L << n();
    long reached = 0;
    for (long pattern = 0; pattern < patterns; pattern++) {
      if (sum(pattern) >= least) {
        reached++;
      }
    }
    return OptionalDouble.of((double) reached / patterns);
  }

  private double sum(long pattern) {
    double sum = 0;
    for (int i = 0; i < values.size(); i++) {
      sum += (pattern >> i & 1) == 0 ? values.get(i) : -values.get(i);
    }
    return sum;
  }
}
