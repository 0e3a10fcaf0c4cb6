package dev.autoloss.search;

import java.util.List;

/**
 * Whom losses are bred from, and when. The paper says only that the best are bred from: all numbers
 * are our choice.
 *
 * @param strategy how parents are chosen
 * @param lookAhead generations from a parent to its first children: generation {@code g} is
 *     proposed once generation {@code g − lookAhead} is sealed, and bred from what was sealed by
 *     then and nothing newer. 1 is the published barrier; with more, the trainings of up to {@code
 *     lookAhead} generations run at once
 * @param branches which branches a generation varies
 * @param archive how often a parent comes from the {@link Archive} and not from the survivors, 0..1
 * @param population candidates that live, with {@link StrategyKind#AGING}
 * @param seeding what generations without parents are made from
 * @param priors pairs that other searches found, for the first generation; read as the initial ones
 *     are
 */
public record Breeding(
    StrategyKind strategy,
    int lookAhead,
    BranchesPerGeneration branches,
    double archive,
    int population,
    Seeding seeding,
    List<LossPair> priors) {
  private static final Breeding PUBLISHED =
      new Breeding(
          StrategyKind.GENERATIONAL,
          1,
          BranchesPerGeneration.JOINT,
          0,
          50,
          Seeding.INITIAL,
          List.of());

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range, or the strategy needs the barrier
   *     and does not get it
   */
  public Breeding {
    Numbers.between("evolution.lookAhead", lookAhead, 1, CandidateId.MOST);
    Numbers.atLeast("evolution.population", population, 2);
    if (Numbers.rate("evolution.archive", archive) > 1) {
      throw new IllegalArgumentException(
          "evolution.archive: expected a share of 0 to 1, found " + archive);
    }
    if (lookAhead > 1 && strategy == StrategyKind.GENERATIONAL) {
      throw new IllegalArgumentException(
          "evolution.lookAhead: expected 1 with strategy Generational, whose generations wait for"
              + " each other, found "
              + lookAhead);
    }
    priors = List.copyOf(priors);
  }

  /**
   * As the paper says, as far as it says.
   *
   * @return generational, with the barrier, both branches at once, from the initial pairs
   */
  public static Breeding published() {
    return PUBLISHED;
  }
}
