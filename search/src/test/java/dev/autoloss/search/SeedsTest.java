package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private static final LossPair PRIOR =
      new LossPair(
          Optional.of(
              ExpressionParser.parse(
                  "Mul(1.7,Add(Mul(PY,Softplus(Neg(X))),Mul(NY,Softplus(X))))", Branch.ONE_STAGE)),
          Optional.of(ExpressionParser.parse("Mul(1.5,Sub(1,Div(I,U)))", Branch.REGRESSION)));

  private static SearchSpec spec(
      long seed, Set<Target> targets, int trained, Seeding seeding, LossPair... priors) {
    return Searches.with(
        Searches.spec(seed, Branch.ONE_STAGE, targets, 2, trained, 1),
        new Breeding(
            StrategyKind.GENERATIONAL,
            1,
            BranchesPerGeneration.JOINT,
            0,
            6,
            seeding,
            List.of(priors)));
  }

  private static List<Expression> named(Branch branch) {
    return CatalogueLoss.of(branch).stream().flatMap(loss -> loss.expression().stream()).toList();
  }

  /**
   * Every loss is met before one is met twice, every pair before one comes again, half the places.
   */
  @Test
  void namedLossesAreCrossedEachWithEach() {
    List<Expression> classification = named(Branch.ONE_STAGE);
    List<Expression> regression = named(Branch.REGRESSION);
    int all = classification.size() * regression.size();
    for (long seed = 0; seed < 20; seed++) {
      List<Child> first =
          new Seeds(spec(seed, EnumSet.allOf(Target.class), 4 * all, Seeding.CATALOGUE)).first();
      assertEquals(Origin.INITIAL, first.getFirst().origin());
      List<Child> crossed =
          first.stream().filter(child -> child.origin() == Origin.CATALOGUE).toList();
      assertEquals(all, crossed.size(), "seed " + seed);
      assertEquals(all, crossed.stream().map(Child::losses).distinct().count(), "seed " + seed);
      assertEquals(
          Set.copyOf(classification),
          crossed.stream()
              .limit(classification.size())
              .map(child -> child.losses().classification().orElseThrow())
              .collect(Collectors.toSet()),
          "seed " + seed);
      assertEquals(
          Set.copyOf(regression),
          crossed.stream()
              .map(child -> child.losses().regression().orElseThrow())
              .collect(Collectors.toSet()));
      List<Child> few =
          new Seeds(spec(seed, EnumSet.allOf(Target.class), 10, Seeding.CATALOGUE)).first();
      assertEquals(5, few.size(), "half of ten, an initial pair among them");
    }
    assertNotEquals(
        new Seeds(spec(1, EnumSet.allOf(Target.class), 10, Seeding.CATALOGUE)).first(),
        new Seeds(spec(2, EnumSet.allOf(Target.class), 10, Seeding.CATALOGUE)).first());
  }

  @Test
  void oneSearchedBranchHasItsNamedLossesOnce() {
    SearchSpec spec = spec(1, EnumSet.of(Target.REGRESSION), 100, Seeding.CATALOGUE);
    List<LossPair> crossed =
        new Seeds(spec)
            .first().stream()
                .filter(child -> child.origin() == Origin.CATALOGUE)
                .map(Child::losses)
                .toList();
    assertEquals(named(Branch.REGRESSION).size(), crossed.size());
    assertTrue(crossed.stream().allMatch(losses -> losses.classification().isEmpty()));
    assertEquals(
        Set.copyOf(named(Branch.REGRESSION)),
        crossed.stream()
            .map(losses -> losses.regression().orElseThrow())
            .collect(Collectors.toSet()));
  }

  /** Initial pairs, priors, named ones as they are; then edits and random trees; no parents. */
  @Test
  void theFirstGenerationBeginsWithWhatIsKnown() {
    Map<Origin, Integer> origins = new EnumMap<>(Origin.class);
    for (long seed = 0; seed < 10; seed++) {
      SearchSpec spec = spec(seed, EnumSet.allOf(Target.class), 20, Seeding.CATALOGUE, PRIOR);
      List<Candidate> first =
          Search.advance(spec, SearchState.empty(), Map.of()).state().generation(1);
      assertEquals(20, first.size());
      assertEquals(Origin.INITIAL, first.get(0).origin());
      assertEquals(Origin.PRIOR, first.get(1).origin());
      assertEquals(PRIOR, first.get(1).losses());
      first.forEach(candidate -> origins.merge(candidate.origin(), 1, Integer::sum));
      assertTrue(first.stream().allMatch(candidate -> candidate.parents().isEmpty()));
    }
    assertTrue(origins.get(Origin.CATALOGUE) >= 65, origins.toString());
    assertTrue(origins.getOrDefault(Origin.CONSTANT_TUNING, 0) > 0, origins.toString());
    assertTrue(origins.keySet().containsAll(EnumSet.of(Origin.CROSSOVER, Origin.SUBTREE_MUTATION)));
  }

  @Test
  void priorsAreBredFromWhereNothingElseIs() {
    SearchSpec spec = spec(3, EnumSet.of(Target.REGRESSION), 20, Seeding.INITIAL, PRIOR);
    var breeder = new Breeder(spec, SearchState.empty(), 1);
    Set<Origin> origins = new HashSet<>();
    int ofThePrior = 0;
    for (int attempt = 0; attempt < 500; attempt++) {
      Child child = breeder.child(attempt);
      origins.add(child.origin());
      ofThePrior +=
          child.losses().regression().orElseThrow().toString().startsWith("Mul(1.5,Sub(") ? 1 : 0;
    }
    assertTrue(ofThePrior > 25, ofThePrior + " of 500 look like the prior");
    assertTrue(!origins.contains(Origin.CATALOGUE), origins.toString());
  }
}
