package dev.autoloss.search.evidence;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;

/**
 * What a number of seeds can show. Two arms of n seeds are compared by a one-sided test at level α,
 * and a gain counts as detectable if the test sees it with the given power. σ is the standard
 * deviation of one score over seeds; blocks are taken to help nothing, so that a difference has
 * σ√2.
 *
 * @param level chance α of seeing a gain where there is none, between 0 and .5
 * @param power chance of seeing the gain that there is, between α and 1
 */
public record Power(double level, double power) {
  /** One in twenty, and four in five. */
  public static final Power USUAL = new Power(0.05, 0.8);

  private static final int MOST_SEEDS = 10_000;
  private static final double FAR = 9;
  private static final int STEPS = 1000;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are out of their ranges
   */
  public Power {
    if (!(level > 0 && level < 0.5)) {
      throw new IllegalArgumentException("level: expected between 0 and .5, found " + level);
    }
    if (!(power > level && power < 1)) {
      throw new IllegalArgumentException("power: expected between the level and 1, found " + power);
    }
  }

  /**
   * The same power where the best of several arms is tested: each at its part of the level
   * (Bonferroni), so that the chance to be fooled by any of them stays α.
   *
   * @param arms arms that are tested, at least 1
   * @return α / arms
   */
  public Power among(int arms) {
    return new Power(level / arms, power);
  }

  /**
   * The least gain that is seen if σ is known: (z₁₋α + z_power) · σ · √(2/n).
   *
   * @param sigma standard deviation of one score
   * @param seeds seeds of each arm, at least 1
   * @return in units of σ
   */
  public double gainIfSigmaIsKnown(double sigma, int seeds) {
    return reach() * sigma * Math.sqrt(2.0 / seeds);
  }

  /**
   * The seeds that show a gain if σ is known: 2 (z₁₋α + z_power)² (σ / gain)², not rounded.
   *
   * @param sigma standard deviation of one score
   * @param gain true difference, above 0
   * @return seeds of each arm
   */
  public double seedsIfSigmaIsKnown(double sigma, double gain) {
    double ratio = reach() * sigma / gain;
    return 2 * ratio * ratio;
  }

  private double reach() {
    return Normal.quantile(1 - level) + Normal.quantile(power);
  }

  /**
   * The least gain that the paired t test sees, which must learn σ from the same few seeds: by the
   * noncentral t distribution with n − 1 degrees of freedom.
   *
   * @param sigma standard deviation of one score
   * @param seeds blocks
   * @return in units of σ; empty for fewer than two blocks, which show nothing
   */
  public OptionalDouble gain(double sigma, int seeds) {
    if (seeds < 2) {
      return OptionalDouble.empty();
    }
    double critical = StudentT.quantile(1 - level, seeds - 1);
    double high = 1;
    while (noncentralTail(critical, seeds - 1, high) < power) {
      high *= 2;
    }
    double noncentrality =
        Bisection.rising(shift -> noncentralTail(critical, seeds - 1, shift), power, 0, high);
    return OptionalDouble.of(noncentrality * sigma * Math.sqrt(2.0 / seeds));
  }

  /**
   * The blocks with which the paired t test sees a gain.
   *
   * @param sigma standard deviation of one score, above 0
   * @param gain true difference, above 0
   * @return at least 2; empty if 10,000 are too few
   */
  public OptionalInt seeds(double sigma, double gain) {
    // Learning σ from the same seeds never needs fewer of them.
    double known = seedsIfSigmaIsKnown(sigma, gain);
    if (known > MOST_SEEDS) {
      return OptionalInt.empty();
    }
    int seeds = Math.max(2, (int) known);
    while (gain(sigma, seeds).orElseThrow() > gain) {
      seeds++;
    }
    return OptionalInt.of(seeds);
  }

  /**
   * How much better the best of several equal arms looks by chance alone: the expected maximum of k
   * normal means, σ/√n · ∫ x k φ(x) Φ(x)ᵏ⁻¹ dx.
   *
   * @param sigma standard deviation of one score
   * @param seeds seeds of each arm, at least 1
   * @param arms how many, at least 1
   * @return in units of σ; 0 for one arm
   */
  public static double luck(double sigma, int seeds, int arms) {
    double largest =
        integral(
            x -> x * arms * Normal.density(x) * Math.pow(Normal.cdf(x), arms - 1.0), -FAR, FAR);
    return largest * sigma / Math.sqrt(seeds);
  }

  /** P(T > critical) for the noncentral t: the chance over S = √(χ²/ν) that Z + shift > c · S. */
  static double noncentralTail(double critical, int degrees, double shift) {
    double half = degrees / 2.0;
    double log = half * Math.log(half) - Beta.logGamma(half) + Math.log(2);
    double most = 1 + FAR / Math.sqrt(2.0 * degrees) * 2;
    return integral(
        s ->
            s <= 0
                ? degrees == 1 ? Math.exp(log) * Normal.cdf(shift) : 0
                : Math.exp(log + (degrees - 1) * Math.log(s) - half * s * s)
                    * Normal.cdf(shift - critical * s),
        0,
        most);
  }

  /** Simpson's rule. */
  private static double integral(DoubleUnaryOperator function, double from, double to) {
    double step = (to - from) / STEPS;
    double sum = function.applyAsDouble(from) + function.applyAsDouble(to);
    for (int i = 1; i < STEPS; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * function.applyAsDouble(from + i * step);
    }
    return sum * step / 3;
  }
}
