package dev.autoloss.search;

/** Seeds of trainings: each stage has its own, so that none is judged by what selected it. */
final class TrialSeeds {
  private static final long SIMULATION = 0x7369_6D75_6C61_7465L;
  private static final long FINAL = 0x6669_6E61_6C73L;
  private static final long TEST = 0x7665_7264_6963_74L;

  private TrialSeeds() {}

  /** In 0..2^31−1; the same for all candidates. */
  static long of(long seed, Stage stage, int replicate) {
    return Chance.trainingSeed(
        switch (stage) {
          case SIMULATION -> seed ^ SIMULATION;
          case PROXY -> seed;
          case FINAL -> seed ^ FINAL;
          case TEST -> seed ^ TEST;
        },
        replicate);
  }
}
