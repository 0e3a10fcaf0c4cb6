package dev.autoloss.search;

import dev.autoloss.loss.expression.Expression;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Makes the pairs of one generation, each from a generator of its own. All are in the space.
 *
 * <p>The first generation begins with what the {@link Seeds} give as it is. After that, and in
 * every generation that has no parents, pairs are made from seeds: most by one or two edits, some
 * with a random loss in one branch, for random trees pass the gates too rarely to fill a
 * generation. Later generations are bred as the {@link Strategy} says. How the paper does either is
 * not published: this is our choice.
 */
final class Breeder {
  /** How often both branches of a pair are varied and not one. */
  private static final double BOTH_BRANCHES = 0.25;

  /** How often a pair that is made from a seed has a random loss in one branch. */
  private static final double RANDOM = 0.25;

  private static final List<Origin> VARIATIONS =
      List.of(
          Origin.CROSSOVER,
          Origin.SUBTREE_MUTATION,
          Origin.NODE_REPLACEMENT,
          Origin.INSERTION,
          Origin.SHRINKING,
          Origin.CONSTANT_CHANGE,
          Origin.CONSTANT_TUNING);

  private final SearchSpec spec;
  private final int generation;
  private final Strategy strategy;
  private final Seeds seeds;
  private final List<Target> targets;
  private final List<Target> open;
  private final Map<Target, Variation> variations = new EnumMap<>(Target.class);
  private final List<Parent> survivors;
  private final List<Parent> archive;
  private final List<LossPair> earlier;

  Breeder(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    Breeding breeding = spec.evolution().breeding();
    this.strategy = Strategy.of(breeding.strategy());
    this.seeds = new Seeds(spec);
    this.targets = Seeds.targets(spec);
    this.open =
        switch (breeding.branches()) {
          case JOINT -> targets;
          case ALTERNATING -> List.of(targets.get(Math.floorMod(generation - 1, targets.size())));
        };
    for (Target target : targets) {
      variations.put(
          target, new Variation(spec.space(), new Vocabulary(spec.space(), spec.branch(target))));
    }
    int known = Math.max(0, generation - breeding.lookAhead());
    this.survivors = parents(state, state.survivors(known));
    this.archive =
        breeding.archive() > 0
            ? parents(state, List.copyOf(Archive.of(spec, state.asOf(known), known).values()))
            : List.of();
    this.earlier =
        state.candidates().headMap(new CandidateId(generation, 0)).values().stream()
            .map(candidate -> seeds.spelled(candidate.losses()))
            .toList();
  }

  private static List<Parent> parents(SearchState state, List<CandidateId> ids) {
    return ids.stream()
        .map(id -> new Parent(Optional.of(id), state.candidate(id).losses()))
        .toList();
  }

  Child child(int attempt) {
    if (generation == 1 && attempt < seeds.first().size()) {
      return seeds.first().get(attempt);
    }
    return strategy.child(this, Chance.of(spec.seed(), generation, attempt));
  }

  /** What may be bred from, best first. */
  List<Parent> survivors() {
    return survivors;
  }

  /** The best of some survivors, or at the archive's rate any of the archive. */
  Parent parent(int tournament, RandomGenerator random) {
    if (!archive.isEmpty() && random.nextDouble() < spec.evolution().breeding().archive()) {
      return Chance.pick(archive, random);
    }
    int best = random.nextInt(survivors.size());
    for (int i = 1; i < tournament; i++) {
      best = Math.min(best, random.nextInt(survivors.size()));
    }
    return survivors.get(best);
  }

  /** A pair that was proposed before, whatever became of it, or a seed. */
  LossPair earlier(RandomGenerator random) {
    return earlier.isEmpty() || random.nextBoolean()
        ? seeds.any(random)
        : Chance.pick(earlier, random);
  }

  /** A child of seeds. */
  Child seeded(RandomGenerator random) {
    if (random.nextDouble() < RANDOM) {
      return drawn(seeds.any(random), random);
    }
    Child once = bred(seed(random), seed(random), random);
    return random.nextBoolean()
        ? once
        : new Child(
            once.origin(),
            List.of(),
            bred(new Parent(Optional.empty(), once.losses()), seed(random), random).losses());
  }

  private Parent seed(RandomGenerator random) {
    return new Parent(Optional.empty(), seeds.any(random));
  }

  /** The pair with a random loss in one branch. */
  Child drawn(LossPair losses, RandomGenerator random) {
    Target drawn = Chance.pick(open, random);
    LossPair made = losses;
    for (Target target : targets) {
      made =
          target == drawn
              ? made.with(target, variation(target).random(random))
              : kept(made, target, random);
    }
    return new Child(Origin.RANDOM, List.of(), made);
  }

  /** A variation of a pair, with a mate for those that take two. */
  Child bred(Parent parent, Parent mate, RandomGenerator random) {
    Origin how = variation(random);
    Set<Target> varied = varied(random);
    LossPair losses = parent.losses();
    for (Target target : targets) {
      losses =
          varied.contains(target)
              ? losses.with(target, varied(how, target, losses, mate.losses(), random))
              : kept(losses, target, random);
    }
    var from = new ArrayList<CandidateId>();
    parent.id().ifPresent(from::add);
    mate.id().filter(id -> how == Origin.CROSSOVER && !from.contains(id)).ifPresent(from::add);
    return new Child(how, from, losses);
  }

  private Expression varied(
      Origin how, Target target, LossPair parent, LossPair mate, RandomGenerator random) {
    return variation(target)
        .vary(how, parent.of(target).orElseThrow(), mate.of(target).orElseThrow(), random);
  }

  /** Only the default loss, as a seed, can lie outside the space: a random one stands in. */
  private LossPair kept(LossPair losses, Target target, RandomGenerator random) {
    return spec.space().admits(losses.of(target).orElseThrow())
        ? losses
        : losses.with(target, variation(target).random(random));
  }

  private Variation variation(Target target) {
    return Optional.ofNullable(variations.get(target)).orElseThrow();
  }

  private Set<Target> varied(RandomGenerator random) {
    return random.nextDouble() < BOTH_BRANCHES
        ? EnumSet.copyOf(open)
        : EnumSet.of(Chance.pick(open, random));
  }

  private Origin variation(RandomGenerator random) {
    VariationRates rates = spec.evolution().rates();
    double sum = VARIATIONS.stream().mapToDouble(rates::of).sum();
    double draw = random.nextDouble() * sum;
    for (Origin how : VARIATIONS) {
      draw -= rates.of(how);
      if (draw < 0) {
        return how;
      }
    }
    return VARIATIONS.stream().filter(how -> rates.of(how) > 0).findFirst().orElseThrow();
  }
}
