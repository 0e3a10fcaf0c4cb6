package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Expression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Makes the pairs of one generation, each from a generator of its own.
 *
 * <p>The first generation is seeded: the document's initial pairs, then by turns pairs with a
 * random loss in one branch and variations of the seeds, for random trees alone pass the gates too
 * rarely to fill it. Later generations are bred from the survivors of the one before by tournament.
 * How the paper does either is not published: this is our choice.
 */
final class Breeder {
  /** Survivors that meet in a tournament; the best of them is a parent. */
  private static final int TOURNAMENT = 2;

  /** How often both branches of a pair are varied and not one. */
  private static final double BOTH_BRANCHES = 0.25;

  private static final int RANDOM_HEIGHT = 5;

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
  private final List<LossPair> initial;
  private final List<Parent> parents;

  /** A pair that was made. */
  record Child(Origin origin, List<CandidateId> parents, LossPair losses) {}

  /** A pair that is bred from; the seeds of the first generation have no id. */
  private record Parent(Optional<CandidateId> id, LossPair losses) {}

  Breeder(SearchSpec spec, SearchState state, int generation) {
    this.spec = spec;
    this.generation = generation;
    this.targets = spec.space().branches().stream().sorted(Comparator.naturalOrder()).toList();
    this.initial =
        spec.evolution().initial().stream().map(this::spelled).filter(this::admitted).toList();
    this.parents = generation == 1 ? seeds() : survivors(state);
  }

  /** The pair with the default written out in branches that are searched, and only in those. */
  LossPair spelled(LossPair losses) {
    LossPair spelled = LossPair.DEFAULT;
    for (Target target : targets) {
      spelled = spelled.with(target, losses.of(target).orElseGet(() -> defaultOf(target)));
    }
    return spelled;
  }

  private Vocabulary vocabulary(Target target) {
    return new Vocabulary(spec.space(), spec.branch(target));
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

  private List<Parent> survivors(SearchState state) {
    return state.survivors().getOrDefault(generation - 1, List.of()).stream()
        .map(id -> new Parent(Optional.of(id), state.candidate(id).losses()))
        .toList();
  }

  Child child(int attempt) {
    if (generation == 1 && attempt < initial.size()) {
      return new Child(Origin.INITIAL, List.of(), initial.get(attempt));
    }
    RandomGenerator random = Chance.of(spec.seed(), generation, attempt);
    return generation == 1 && random.nextBoolean() ? drawn(random) : bred(random);
  }

  private Child drawn(RandomGenerator random) {
    Target target = Chance.pick(targets, random);
    Expression loss = vocabulary(target).tree(RANDOM_HEIGHT, random);
    LossPair losses = Chance.pick(parents, random).losses().with(target, loss);
    return new Child(
        Origin.RANDOM, List.of(), spec.space().admits(loss) ? losses : parents.get(0).losses());
  }

  private Child bred(RandomGenerator random) {
    Parent parent = tournament(random);
    Parent mate = tournament(random);
    Origin how = variation(random);
    LossPair losses = parent.losses();
    for (Target target : varied(random)) {
      Expression loss =
          new Variation(spec.space(), vocabulary(target))
              .vary(
                  how,
                  losses.of(target).orElseThrow(),
                  mate.losses().of(target).orElseThrow(),
                  random);
      losses = losses.with(target, loss);
    }
    var from = new ArrayList<CandidateId>();
    parent.id().ifPresent(from::add);
    mate.id().filter(id -> how == Origin.CROSSOVER && !from.contains(id)).ifPresent(from::add);
    return new Child(how, from, losses);
  }

  /** Survivors stand best first, so the smallest of the drawn places wins. */
  private Parent tournament(RandomGenerator random) {
    int best = random.nextInt(parents.size());
    for (int i = 1; i < TOURNAMENT; i++) {
      best = Math.min(best, random.nextInt(parents.size()));
    }
    return parents.get(best);
  }

  private List<Target> varied(RandomGenerator random) {
    return random.nextDouble() < BOTH_BRANCHES ? targets : List.of(Chance.pick(targets, random));
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
