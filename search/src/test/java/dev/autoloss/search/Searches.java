package dev.autoloss.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Searches for tests, and the results that a trainer would give. */
final class Searches {
  static final VariationRates RATES = new VariationRates(0.4, 0.2, 0.15, 0.1, 0.1, 0.05, 0.1);

  private Searches() {}

  static SearchSpec spec(long seed, int generations, int trained, int replicates) {
    return spec(
        seed, Branch.ONE_STAGE, EnumSet.allOf(Target.class), generations, trained, replicates);
  }

  static SearchSpec spec(
      long seed, Branch branch, Set<Target> targets, int generations, int trained, int replicates) {
    return new SearchSpec(
        seed,
        branch,
        space(targets),
        new Evolution(
            generations,
            3000,
            trained,
            2,
            replicates,
            RATES,
            initial(branch),
            Breeding.published()),
        new Trials(1));
  }

  /** The spec with another breeding. */
  static SearchSpec with(SearchSpec spec, Breeding breeding) {
    return with(spec, spec.evolution().candidates(), breeding);
  }

  /** The spec with another number of pairs that are made for a generation. */
  static SearchSpec candidates(SearchSpec spec, int candidates) {
    return with(spec, candidates, spec.evolution().breeding());
  }

  private static SearchSpec with(SearchSpec spec, int candidates, Breeding breeding) {
    Evolution evolution = spec.evolution();
    return new SearchSpec(
        spec.seed(),
        spec.classification(),
        spec.space(),
        new Evolution(
            evolution.generations(),
            candidates,
            evolution.trained(),
            evolution.parents(),
            evolution.replicates(),
            evolution.rates(),
            evolution.initial(),
            breeding),
        spec.trials(),
        spec.procedure());
  }

  static Breeding breeding(StrategyKind strategy, int lookAhead, double archive) {
    return new Breeding(
        strategy, lookAhead, BranchesPerGeneration.JOINT, archive, 6, Seeding.CATALOGUE, List.of());
  }

  static SearchSpec with(SearchSpec spec, Procedure procedure) {
    return new SearchSpec(
        spec.seed(),
        spec.classification(),
        spec.space(),
        spec.evolution(),
        spec.trials(),
        procedure);
  }

  static SearchSpace space(Set<Target> targets) {
    return new SearchSpace(
        targets,
        EnumSet.allOf(UnaryOperator.class),
        EnumSet.allOf(BinaryOperator.class),
        List.of(1.0, 2.0, 3.0),
        40,
        10);
  }

  private static List<LossPair> initial(Branch branch) {
    CatalogueLoss loss = branch == Branch.ONE_STAGE ? CatalogueLoss.FLI : CatalogueLoss.CEI;
    return List.of(new LossPair(loss.expression(), CatalogueLoss.GIOU.expression()));
  }

  /** A number that depends on the trained pair and the replicate alone, as fixed seeds make it. */
  static long hash(Trial trial) {
    int stage = trial.id().stage() == Stage.PROXY ? 0 : 7919 * trial.id().stage().letter();
    return (trial.losses().toString().hashCode() * 31L + trial.id().replicate() + stage)
        * 2654435761L;
  }

  static TrialOutcome scored(Trial trial) {
    return new TrialOutcome.Scored(Math.floorMod(hash(trial), 1000L) / 1000.0);
  }

  static Map<TrialId, TrialOutcome> results(
      SearchSpec spec, SearchState state, Function<Trial, TrialOutcome> trainer) {
    var results = new HashMap<TrialId, TrialOutcome>();
    state.unfinished(spec).forEach(trial -> results.put(trial.id(), trainer.apply(trial)));
    return results;
  }

  /** Runs to the end, each generation's results in one batch. */
  static SearchState run(SearchSpec spec, Function<Trial, TrialOutcome> trainer) {
    return goOn(spec, SearchState.empty(), trainer, new ArrayList<>());
  }

  /** What is found by looking at a part of a state is what all of it says. */
  private static void checkShortcuts(SearchSpec spec, SearchState state) {
    assertEquals(
        state.trials(spec).stream()
            .filter(trial -> !state.outcomes().containsKey(trial.id()))
            .toList(),
        state.unfinished(spec));
    assertEquals(
        state.candidates().keySet().stream()
            .filter(id -> state.fitness(id).isPresent())
            .collect(Collectors.toSet()),
        Set.copyOf(state.ranking()));
  }

  /** Goes on from a state until no trial is left, and adds the events. */
  static SearchState goOn(
      SearchSpec spec,
      SearchState start,
      Function<Trial, TrialOutcome> trainer,
      List<SearchEvent> events) {
    Advance advance = Search.advance(spec, start, Map.of());
    events.addAll(advance.events());
    while (!advance.state().unfinished(spec).isEmpty()) {
      SearchState state = advance.state();
      checkShortcuts(spec, state);
      advance = Search.advance(spec, state, results(spec, state, trainer));
      events.addAll(advance.events());
    }
    return advance.state();
  }
}
