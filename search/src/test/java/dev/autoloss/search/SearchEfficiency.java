package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.BinaryOperator;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.UnaryOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
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

  /** Shares of the way from the default's to the hidden pair's fitness. */
  private static final List<Double> LEVELS = List.of(0.25, 0.5, 0.75, 0.9);

  private final PlantedTask task;
  private final Breeding breeding;
  private final long most;

  /**
   * What one search came to.
   *
   * @param found for each level the evaluations until a pair of that true fitness was trained, one
   *     more than the budget where it was not
   * @param gap share of the gap that the pair which leads by its scores closes in truth, at the end
   * @param useless share of the trained pairs that find nothing or diverge
   */
  private record Outcome(List<Long> found, double gap, double useless) {}

  private SearchEfficiency(PlantedTask task, Breeding breeding, long most) {
    this.task = task;
    this.breeding = breeding;
    this.most = most;
  }

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    int seeds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    int most = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
    List<String> chosen = Arrays.stream(arguments).skip(2).toList();
    for (PlantedTask task : List.of(PlantedTask.twoStage(1), PlantedTask.oneStage(1))) {
      System.out.printf(
          Locale.ROOT,
          "%s: default pair %.4f, hidden pair 0.3800, noise 0.011, at most %d evaluations, %d seeds%n",
          task.branch().label(),
          task.truth(LossPair.DEFAULT).orElseThrow(),
          most,
          seeds);
      System.out.printf("%-31s", "gap closed by");
      LEVELS.forEach(level -> System.out.printf(" %-25s", "%.0f %%".formatted(100 * level)));
      System.out.println(" leader's gap, useless, time");
      for (StrategyKind strategy : StrategyKind.values()) {
        if (chosen.isEmpty() || chosen.contains(strategy.name())) {
          row(name(strategy), new SearchEfficiency(task, breeding(strategy), most), seeds);
        }
      }
    }
  }

  private static String name(StrategyKind strategy) {
    return switch (strategy) {
      case GENERATIONAL -> "published: generational, gates";
      case AGING -> "aging evolution, gates";
      case RANDOM_SEARCH -> "random, gates";
      case VANILLA -> "vanilla evolution, no gates";
    };
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
    System.out.printf("%-31s", name);
    for (int level = 0; level < LEVELS.size(); level++) {
      int column = level;
      long[] found = outcomes.stream().mapToLong(one -> one.found().get(column)).toArray();
      System.out.printf(" %-25s", efficiency.spread(found));
    }
    double[] gaps = outcomes.stream().mapToDouble(Outcome::gap).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        " %.2f (%.2f to %.2f), %.0f %%, %.0f s%n",
        (gaps[(gaps.length - 1) / 2] + gaps[gaps.length / 2]) / 2,
        gaps[0],
        gaps[gaps.length - 1],
        100 * outcomes.stream().mapToDouble(Outcome::useless).average().orElse(0),
        (System.nanoTime() - start) / 1e9);
  }

  /** Median, least and most, and how many got there. */
  private String spread(long[] evaluations) {
    Arrays.sort(evaluations);
    long there = Arrays.stream(evaluations).filter(one -> one <= most).count();
    double median =
        (evaluations[(evaluations.length - 1) / 2] + evaluations[evaluations.length / 2]) / 2.0;
    return "%s (%s–%s) %d/%d"
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
    var truths = new HashMap<CandidateId, OptionalDouble>();
    long[] found = new long[LEVELS.size()];
    Arrays.fill(found, most + 1);
    long evaluations = 0;
    long useless = 0;
    SearchState state = Search.advance(spec, SearchState.empty(), Map.of()).state();
    while (evaluations < most && !state.unfinished(spec).isEmpty()) {
      var results = new HashMap<TrialId, TrialOutcome>();
      for (Trial trial : state.unfinished(spec)) {
        OptionalDouble truth = task.truth(trial.losses());
        truths.put(trial.id().candidate(), truth);
        results.put(trial.id(), task.train(trial, truth, seed));
        evaluations++;
        useless += truth.orElse(0) == 0 ? 1 : 0;
        for (int level = 0; level < found.length; level++) {
          if (truth.orElse(0) >= task.reference(LEVELS.get(level))) {
            found[level] = Math.min(found[level], evaluations);
          }
        }
      }
      state = Search.advance(spec, state, results).state();
    }
    double standard = task.reference(0);
    double leader =
        truths.getOrDefault(state.ranking().getFirst(), OptionalDouble.empty()).orElse(0);
    return new Outcome(
        Arrays.stream(found).boxed().toList(),
        (leader - standard) / (task.reference(1) - standard),
        (double) useless / evaluations);
  }
}
