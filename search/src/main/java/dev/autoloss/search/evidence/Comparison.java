package dev.autoloss.search.evidence;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A finalist against a control, block by block.
 *
 * @param finalist name of the one whose gain is asked for
 * @param control name of what it is compared with
 * @param n blocks: seeds that both have a score of, at least 2
 * @param gain mean difference of AP, finalist minus control
 * @param sd standard deviation of the differences
 * @param interval Student's two-sided interval of the gain; its lower end is above 0 exactly where
 *     the test sees the gain
 * @param p of the one-sided paired t test that the gain is above 0, which decides
 * @param signFlip p of the exact sign-flip test, which assumes less and is given beside; empty for
 *     more than 20 blocks
 */
public record Comparison(
    String finalist,
    String control,
    int n,
    double gain,
    double sd,
    Interval interval,
    double p,
    OptionalDouble signFlip) {
  /**
   * Compares two arms.
   *
   * @param finalist whose gain is asked for
   * @param control what it is compared with
   * @param level of the one-sided test; the interval holds the gain in 1 − 2 · level of all cases
   * @return empty if they have fewer than two seeds in common
   */
  public static Optional<Comparison> of(Arm finalist, Arm control, double level) {
    Sample gains = Sample.differences(finalist, control);
    return gains
        .interval(1 - 2 * level)
        .map(
            interval ->
                new Comparison(
                    finalist.name(),
                    control.name(),
                    gains.n(),
                    gains.mean().orElseThrow(),
                    gains.sd().orElseThrow(),
                    interval,
                    gains.tTest().orElseThrow(),
                    gains.signFlipTest()));
  }
}
