package dev.autoloss.search.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PowerTest {
  /** Standard deviation over seeds of a small FCOS on 160 × 120 pictures. */
  private static final double SIGMA = 0.011;

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Test
  void aGainOfOnePointNeedsFifteenSeedsAndOneOfTwoNeedsFour() {
    assertEquals(15, Math.ceil(Power.USUAL.seedsIfSigmaIsKnown(SIGMA, 0.01)));
    assertEquals(4, Math.ceil(Power.USUAL.seedsIfSigmaIsKnown(SIGMA, 0.02)));
    // Learning σ from the same seeds costs one or two more.
    assertEquals(17, Power.USUAL.seeds(SIGMA, 0.01).orElseThrow());
    assertEquals(6, Power.USUAL.seeds(SIGMA, 0.02).orElseThrow());
  }

  @Test
  void theBestOfFiftyEqualLossesLooksTwoAndAHalfPointsBetter() {
    assertEquals(0.025, Power.luck(SIGMA, 1, 50), 5e-4);
    assertEquals(0.025 / 2, Power.luck(SIGMA, 4, 50), 3e-4);
    assertEquals(0, Power.luck(SIGMA, 1, 1), 1e-12);
    // Closed forms: 1/√π of two, 3/(2√π) of three.
    assertEquals(1 / Math.sqrt(Math.PI), Power.luck(1, 1, 2), 1e-9);
    assertEquals(1.5 / Math.sqrt(Math.PI), Power.luck(1, 1, 3), 1e-9);
  }

  @Test
  void gainAndSeedsAreEachOthersInverse() {
    double gain = Power.USUAL.gainIfSigmaIsKnown(SIGMA, 7);
    assertEquals(7, Power.USUAL.seedsIfSigmaIsKnown(SIGMA, gain), 1e-9);
    double smaller = Power.USUAL.gain(SIGMA, 7).orElseThrow();
    assertTrue(smaller > gain);
    assertEquals(7, Power.USUAL.seeds(SIGMA, smaller * 1.000001).orElseThrow());
    assertEquals(8, Power.USUAL.seeds(SIGMA, smaller * 0.999999).orElseThrow());
  }

  @Test
  void moreArmsNeedGreaterGainsAndMoreSeedsSeeSmallerOnes() {
    for (int seeds = 2; seeds < 30; seeds++) {
      double one = Power.USUAL.gain(SIGMA, seeds).orElseThrow();
      assertTrue(Power.USUAL.among(5).gain(SIGMA, seeds).orElseThrow() > one);
      assertTrue(Power.USUAL.gain(SIGMA, seeds + 1).orElseThrow() < one);
    }
  }

  @Test
  void oneSeedShowsNothing() {
    assertEquals(OptionalDouble.empty(), Power.USUAL.gain(SIGMA, 1));
    assertTrue(Power.USUAL.seeds(1, 1e-9).isEmpty());
  }

  /** The paired t test, run often on drawn scores, sees the gain that is said to be seen. */
  @Test
  void theTestSeesTheGainAsOftenAsIsSaid() {
    for (int seeds : List.of(3, 6, 15)) {
      double gain = Power.USUAL.gain(SIGMA, seeds).orElseThrow();
      assertEquals(0.8, seen(gain, seeds), 0.02, "gain of " + gain + " with seed 11");
      assertEquals(0.05, seen(0, seeds), 0.01, "no gain with seed 11");
    }
  }

  private static double seen(double gain, int seeds) {
    RandomGenerator random = random(11);
    int runs = 10_000;
    int seen = 0;
    for (int run = 0; run < runs; run++) {
      var differences =
          new Sample(
              IntStream.range(0, seeds)
                  .mapToObj(
                      i -> gain + random.nextGaussian(0, SIGMA) - random.nextGaussian(0, SIGMA))
                  .toList());
      seen += differences.tTest().orElseThrow() <= 0.05 ? 1 : 0;
    }
    return (double) seen / runs;
  }

  @Test
  void refusesLevelsThatMeanNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Power(0, 0.8));
    assertThrows(IllegalArgumentException.class, () -> new Power(0.5, 0.8));
    assertThrows(IllegalArgumentException.class, () -> new Power(0.05, 0.05));
    assertThrows(IllegalArgumentException.class, () -> new Power(0.05, 1));
  }
}
