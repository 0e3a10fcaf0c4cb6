package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What a search starts from, spelled out in the branches that are searched and only in those. */
final class Seeds {
  /** Part of the trained pairs up to which named losses fill up the document's: the rest is new. */
  private static final double KNOWN = 0.5;

  private final SearchSpec spec;
  private final List<Target> targets;
  private final Map<Target, List<Expression>> catalogue = new EnumMap<>(Target.class);
  private final List<LossPair> pairs;
  private final List<Child> first;

  Seeds(SearchSpec spec) {
    this.spec = spec;
    this.targets = targets(spec);
    RandomGenerator order = Chance.of(spec.seed(), 0, 0);
    for (Target target : targets) {
      var losses = new ArrayList<>(named(target));
      Collections.shuffle(losses, order);
      catalogue.put(target, List.copyOf(losses));
    }
    List<LossPair> initial = admitted(spec.evolution().initial());
    List<LossPair> priors = admitted(spec.evolution().breeding().priors());
    this.pairs =
        Stream.of(initial, priors, List.of(spelled(LossPair.DEFAULT)))
            .flatMap(List::stream)
            .toList();
    this.first =
        Stream.of(
                made(Origin.INITIAL, initial),
                made(Origin.PRIOR, priors),
                made(Origin.CATALOGUE, crossed(initial.size() + priors.size())))
            .flatMap(List::stream)
            .toList();
  }

  /** The branches that are searched, in their order. */
  static List<Target> targets(SearchSpec spec) {
    return spec.space().branches().stream().sorted(Comparator.naturalOrder()).toList();
  }

  private static List<Child> made(Origin origin, List<LossPair> pairs) {
    return pairs.stream().map(losses -> new Child(origin, List.of(), losses)).toList();
  }

  private List<LossPair> admitted(List<LossPair> pairs) {
    return pairs.stream().map(this::spelled).filter(this::admits).toList();
  }

  private boolean admits(LossPair losses) {
    return targets.stream()
        .allMatch(target -> spec.space().admits(losses.of(target).orElseThrow()));
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

  private List<Expression> named(Target target) {
    return spec.evolution().breeding().seeding() == Seeding.INITIAL
        ? List.of()
        : CatalogueLoss.of(spec.branch(target)).stream()
            .flatMap(loss -> loss.expression().stream())
            .filter(spec.space()::admits)
            .toList();
  }

  /** Each named loss with each, so that all of them are met early; as many as have a place. */
  private List<LossPair> crossed(int taken) {
    Target one = targets.getFirst();
    Target other = targets.getLast();
    int shifts = one == other ? 1 : losses(other).size();
    var crossed = new ArrayList<LossPair>();
    for (int shift = 0; shift < shifts; shift++) {
      for (int i = 0; i < losses(one).size(); i++) {
        crossed.add(
            LossPair.DEFAULT
                .with(one, losses(one).get(i))
                .with(other, losses(other).get((i + shift) % losses(other).size())));
      }
    }
    int places = Math.max(0, (int) (KNOWN * spec.evolution().trained()) - taken);
    return crossed.subList(0, Math.min(places, crossed.size()));
  }

  private List<Expression> losses(Target target) {
    return catalogue.getOrDefault(target, List.of());
  }

  /** What the first generation begins with, as it is. */
  List<Child> first() {
    return first;
  }

  /**
   * A pair to edit: one of the document's or the default one, or as often, where named losses are
   * wanted, any two of them. Only the default can lie outside the space.
   */
  LossPair any(RandomGenerator random) {
    if (targets.stream().anyMatch(target -> losses(target).isEmpty()) || random.nextBoolean()) {
      return Chance.pick(pairs, random);
    }
    LossPair losses = LossPair.DEFAULT;
    for (Target target : targets) {
      losses = losses.with(target, Chance.pick(losses(target), random));
    }
    return losses;
  }
}
