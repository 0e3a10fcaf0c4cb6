package dev.autoloss.search;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** All chance of a search: a fresh generator for each place where it is needed. */
final class Chance {
  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long TRIALS = 0x7472_6961_6C73L;

  private Chance() {}

  /** The generator of a pair: the same for the same search, generation and attempt. */
  static RandomGenerator of(long seed, int generation, int attempt) {
    return FACTORY.create(mix(mix(mix(seed) + generation) + attempt));
  }

  /** Seed of a replicate's training, in 0..2^31−1; the same for all candidates. */
  static long trainingSeed(long seed, int replicate) {
    return mix(mix(seed ^ TRIALS) + replicate) >>> 33;
  }

  /** Stafford's variant 13 of the 64-bit finaliser, as SplittableRandom uses it. */
  private static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static <T> T pick(List<T> choices, RandomGenerator random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
