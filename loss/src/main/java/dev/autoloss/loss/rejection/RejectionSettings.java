package dev.autoloss.loss.rejection;

/**
 * How predictions are optimised, and what must come of it. None of it is published: engineering
 * choices, with room on both sides for the catalogue's losses and for half and twice of them.
 *
 * @param steps most steps of gradient descent, at least 1
 * @param step root mean square of the branch's default loss's first step, in logits or codes of
 *     boxes, above 0: the learning rate follows from it
 * @param farthest a prediction beyond, in the same units, has exploded; above 0
 * @param enough share that must be closed in the end of the gap between the quality at the start
 *     and 1, in (0, 1]
 * @param sure share that is believed before the end if it is kept for {@code settled} steps, at
 *     least {@code enough}
 * @param settled number of steps, at least 1
 * @param calibrated whether each loss gets the weight with which its first step is as long as the
 *     default loss's, as in a search that calibrates; else losses that pull far too hard or hardly
 *     at all are rejected, for so they would train
 */
public record RejectionSettings(
    int steps,
    double step,
    double farthest,
    double enough,
    double sure,
    int settled,
    boolean calibrated) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public RejectionSettings {
    check(steps >= 1, "steps", steps);
    check(step > 0 && Double.isFinite(step), "step", step);
    check(farthest > 0, "farthest", farthest);
    check(enough > 0 && enough <= 1, "enough", enough);
    check(sure >= enough && sure <= 1, "sure", sure);
    check(settled >= 1, "settled", settled);
  }

  private static void check(boolean right, String name, double value) {
    if (!right) {
      throw new IllegalArgumentException("rejection." + name + " is " + value);
    }
  }

  /**
   * For logits: right scores must end above nearly all wrong ones.
   *
   * @return the defaults
   */
  public static RejectionSettings classification() {
    return new RejectionSettings(40, 0.25, 100, 0.8, 0.95, 5, false);
  }

  /**
   * For boxes: a seventh of what is missing in mean IoU must be found; more is not asked, since
   * losses differ tenfold in how hard they pull.
   *
   * @return the defaults
   */
  public static RejectionSettings regression() {
    return new RejectionSettings(40, 0.075, 100, 0.15, 0.4, 5, false);
  }

  /**
   * The same for a search that calibrates.
   *
   * @return settings in which only the shape of a loss counts
   */
  public RejectionSettings withCalibration() {
    return new RejectionSettings(steps, step, farthest, enough, sure, settled, true);
  }
}
