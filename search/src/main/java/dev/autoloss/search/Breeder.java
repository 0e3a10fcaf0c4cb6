package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Expression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Makes the pairs of one generation, each from a generator of its own. All are in the space.
 *
 * <p>The first generation is seeded: the initial pairs, then by a coin either a pair with a random
 * loss in one branch or a variation of a seed, that is of an initial pair or of the default one;
 * random trees alone pass the gates too rarely to fill a generation (one in 200 to 500). Later
 * generations are bred by tournament from the survivors of the one before, and like the first one
 * if it left none. How the paper does either is not published: this is our choice.
 */
final class Breeder {
  /** Survivors that meet in a tournament; the best of them is a parent. */
  private static final int TOURNAMENT = 2;

  /** How often both branches of a pair are varied and not one. */
  private static final double BOTH_BRANCHES = 0.25;

  private static final List<Origin> VARIATIONS =
      List.of(
          Origin.CROSSOVER,
          Origin.SUBTREE_MUTATION,
          Origin.NODE_REPLACEMENT,
          Origin.INSERTION,
          Origin.SHRINKING,
          Origin.CONSTANT_CHANGE);

  private final SearchSpec spec;
  private final int generation;
  private final List<Target> targets;
  private final Map<Target, Variation> variations = new EnumMap<>(Target.class);
  private final List<LossPair> initial;
  private final boolean seeded;
  private final List<Parent> parents;

  /** A pair that was made. */
  record Child(Origin origin, List<CandidateId> parents, LossPair losses) {}

  /** A pair that is bred from; a seed has no id. */
  private record Parent(Optional<CandidateId> id, LossPair losses) {}

  Breeder(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    this.targets = spec.space().branches().stream().sorted(Comparator.naturalOrder()).toList();
    for (Target target : targets) {
      variations.put(
          target, new Variation(spec.space(), new Vocabulary(spec.space(), spec.branch(target))));
    }
    this.initial =
        spec.evolution().initial().stream().map(this::spelled).filter(this::admitted).toList();
    List<Parent> survivors =
        state.survivors(generation - 1).stream()
            .map(id -> new Parent(Optional.of(id), state.candidate(id).losses()))
            .toList();
    this.seeded = survivors.isEmpty();
    this.parents = seeded ? seeds() : survivors;
  }

  /** The pair with the default written out in branches that are searched, and only in those. */
  LossPair spelled(LossPair losses) {
    LossPair spelled = LossPair.DEFAULT;
    for (Target target : targets) {
      spelled = spelled.with(target, losses.of(target).orElseGet(() -> defaultOf(target)));
    }
    return spelled;
  }

  private Expression defaultOf(Target target) {
    CatalogueLoss loss =
        switch (spec.branch(target)) {
          case TWO_STAGE -> CatalogueLoss.CROSS_ENTROPY;
          case ONE_STAGE -> CatalogueLoss.FOCAL;
          case REGRESSION -> CatalogueLoss.GIOU;
        };
    return loss.expression().orElseThrow();
  }

  private boolean admitted(LossPair losses) {
    return targets.stream()
        .allMatch(target -> spec.space().admits(losses.of(target).orElseThrow()));
  }

  private List<Parent> seeds() {
    return Stream.concat(initial.stream(), Stream.of(spelled(LossPair.DEFAULT)))
        .map(losses -> new Parent(Optional.empty(), losses))
        .toList();
  }

  Child child(int attempt) {
    if (generation == 1 && attempt < initial.size()) {
      return new Child(Origin.INITIAL, List.of(), initial.get(attempt));
    }
    RandomGenerator random = Chance.of(spec.seed(), generation, attempt);
    return seeded && random.nextBoolean() ? drawn(random) : bred(random);
  }

  private Child drawn(RandomGenerator random) {
    LossPair losses = Chance.pick(parents, random).losses();
    Target drawn = Chance.pick(targets, random);
    for (Target target : targets) {
      losses =
          target == drawn
              ? losses.with(target, variation(target).random(random))
              : kept(losses, target, random);
    }
    return new Child(Origin.RANDOM, List.of(), losses);
  }

  private Child bred(RandomGenerator random) {
    Parent parent = tournament(random);
    Parent mate = tournament(random);
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

  /** Survivors stand best first, so the smallest of the drawn places wins. */
  private Parent tournament(RandomGenerator random) {
    int best = random.nextInt(parents.size());
    for (int i = 1; !seeded && i < TOURNAMENT; i++) {
      best = Math.min(best, random.nextInt(parents.size()));
    }
    return parents.get(best);
  }

  private Set<Target> varied(RandomGenerator random) {
    return random.nextDouble() < BOTH_BRANCHES
        ? EnumSet.copyOf(targets)
        : EnumSet.of(Chance.pick(targets, random));
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
