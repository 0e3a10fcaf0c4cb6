package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Started by {@code bench/search-efficiency}. */
final class SearchEfficiency {
  private static final int THREADS = 2;
  private static final int TRAINED = 25;
  private static final int PARENTS = 5;
  private static final int CANDIDATES = 20_000;
  private static final VariationRates RATES =
      new VariationRates(0.4, 0.2, 0.15, 0.1, 0.1, 0.05, 0.1);

  private final PlantedTask task;
  private final Breeding breeding;
  private final long most;

  /**
   * Evaluations until a pair of the reference's true fitness was trained, and until one led by its
   * scores; one more than the budget where it did not happen. Useless: share of pairs without one.
   */
  private record Outcome(long found, long leads, double useless) {}

  private SearchEfficiency(PlantedTask task, Breeding breeding, long most) {
    this.task = task;
    this.breeding = breeding;
    this.most = most;
  }

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    int most = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
    for (PlantedTask task : List.of(PlantedTask.twoStage(1), PlantedTask.oneStage(1))) {
      System.out.printf(
          Locale.ROOT,
          "%s: default %.4f, to be reached %.4f of 0.3800, noise 0.011, at most %d evaluations%n",
          task.branch().label(),
          task.truth(LossPair.DEFAULT).orElseThrow(),
          task.reference(),
          most);
      System.out.printf(
          "%-34s %-27s %-27s %s%n",
          "strategy", "evaluations until found", "until it leads by score", "useless");
      for (Map.Entry<String, Breeding> one : strategies().entrySet()) {
        row(one.getKey(), new SearchEfficiency(task, one.getValue(), most), seeds);
      }
    }
  }

  private static Map<String, Breeding> strategies() {
    var strategies = new LinkedHashMap<String, Breeding>();
    strategies.put("published: generational, gates", breeding(StrategyKind.GENERATIONAL));
    strategies.put("aging evolution, gates", breeding(StrategyKind.AGING));
    strategies.put("random, gates", breeding(StrategyKind.RANDOM_SEARCH));
    strategies.put("vanilla evolution, no gates", breeding(StrategyKind.VANILLA));
    return strategies;
  }

  private static Breeding breeding(StrategyKind strategy) {
    return new Breeding(
        strategy, 1, BranchesPerGeneration.JOINT, 0, 50, Seeding.INITIAL, List.of());
  }

  private static void row(String name, SearchEfficiency efficiency, int seeds)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    var outcomes = new ArrayList<Outcome>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Outcome>> running =
          LongStream.rangeClosed(1, seeds)
              .mapToObj(seed -> threads.submit(() -> efficiency.search(seed)))
              .toList();
      for (Future<Outcome> one : running) {
        outcomes.add(one.get());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %-27s %-27s %.0f %%   (%.0f s)%n",
        name,
        efficiency.spread(outcomes.stream().mapToLong(Outcome::found).toArray()),
        efficiency.spread(outcomes.stream().mapToLong(Outcome::leads).toArray()),
        100 * outcomes.stream().mapToDouble(Outcome::useless).average().orElse(0),
        (System.nanoTime() - start) / 1e9);
  }

  /** Median, least and most, and how many got there. */
  private String spread(long[] evaluations) {
    Arrays.sort(evaluations);
    long there = Arrays.stream(evaluations).filter(one -> one <= most).count();
    double median =
        (evaluations[(evaluations.length - 1) / 2] + evaluations[evaluations.length / 2]) / 2.0;
    return "%s (%s to %s), %d of %d"
        .formatted(
            count(median),
            count((double) evaluations[0]),
            count((double) evaluations[evaluations.length - 1]),
            there,
            evaluations.length);
  }

  private String count(double evaluations) {
    return evaluations > most ? ">" + most : String.format(Locale.ROOT, "%.0f", evaluations);
  }

  private SearchSpec spec(long seed) {
    var space =
        new SearchSpace(
            EnumSet.allOf(Target.class),
            EnumSet.allOf(UnaryOperator.class),
            EnumSet.allOf(BinaryOperator.class),
            List.of(1.0, 2.0, 3.0),
            40,
            10);
    CatalogueLoss initial =
        task.branch() == Branch.ONE_STAGE ? CatalogueLoss.FLI : CatalogueLoss.CEI;
    return new SearchSpec(
        seed,
        task.branch(),
        space,
        new Evolution(
            Math.toIntExact((most + TRAINED - 1) / TRAINED),
            CANDIDATES,
            TRAINED,
            PARENTS,
            1,
            RATES,
            List.of(new LossPair(initial.expression(), CatalogueLoss.GIOU.expression())),
            breeding),
        new Trials(0));
  }

  private Outcome search(long seed) {
    SearchSpec spec = spec(seed);
    double reference = task.reference();
    var truths = new HashMap<CandidateId, OptionalDouble>();
    long found = most + 1;
    long leads = most + 1;
    long evaluations = 0;
    long useless = 0;
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    while (leads > most && evaluations < most && !state.unfinished(spec).isEmpty()) {
      var results = new HashMap<TrialId, TrialOutcome>();
      for (Trial trial : state.unfinished(spec)) {
        OptionalDouble truth = task.truth(trial.losses());
        truths.put(trial.id().candidate(), truth);
        results.put(trial.id(), task.train(trial, truth, seed));
        evaluations++;
        useless += truth.orElse(0) == 0 ? 1 : 0;
        if (truth.orElse(0) >= reference) {
          found = Math.min(found, evaluations);
        }
      }
      state = Search.advance(spec, state, results).state();
      if (truths.getOrDefault(state.ranking().getFirst(), OptionalDouble.empty()).orElse(0)
          >= reference) {
        leads = evaluations;
      }
    }
    return new Outcome(found, leads, (double) useless / evaluations);
  }
}
