package dev.autoloss.local.plan;

/**
 * How much scores of the same losses differ from seed to seed.
 *
 * @param sigma standard deviation of one AP
 * @param source how this is known, for a person
 */
public record Noise(double sigma, String source) {
  /** Where nothing was measured: a small FCOS, three seeds. */
  public static final Noise ASSUMED =
      new Noise(
          0.011,
          "an assumption, measured on a small FCOS with BCCD at 160 × 120 in 16 epochs; give --sigma,"
              + " or --work with trainings of several seeds");
}
