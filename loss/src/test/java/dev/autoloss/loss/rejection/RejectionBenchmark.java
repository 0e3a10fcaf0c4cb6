package dev.autoloss.loss.rejection;

import dev.autoloss.loss.RandomTrees;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Started by {@code bench/rejection}. */
final class RejectionBenchmark {
  private static final int THREADS = 2;
  private static final int LEAST_NODES = 5;
  private static final int MOST_NODES = 40;
  private static final int HEIGHTS = 5;

  private RejectionBenchmark() {}

  public static void main(String[] arguments) throws InterruptedException, ExecutionException {
    int survivors = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    margins();
    System.out.printf(
        "%n%-11s %9s %8s %6s %10s %7s   candidates a second on %d threads%n",
        "branch", "survivors", "rejected", "share", "mean steps", "median", THREADS);
    for (Branch branch : Branch.values()) {
      speed(branch, survivors(branch, survivors, seed), rounds);
    }
  }

  private static void margins() {
    System.out.printf(
        "%-11s %-20s %7s %7s %6s %9s%n", "branch", "loss", "before", "after", "steps", "needed");
    for (CatalogueLoss loss : CatalogueLoss.values()) {
      Optional<Expression> expression = loss.expression();
      if (expression.isPresent()) {
        RejectionSettings settings =
            loss.branch().classification()
                ? RejectionSettings.classification()
                : RejectionSettings.regression();
        Descent descent = PredictionRejection.of(loss.branch()).judge(expression.get());
        System.out.printf(
            "%-11s %-20s %7.3f %7.3f %6d %9.3f%n",
            loss.branch().label(),
            loss.label(),
            descent.before(),
            descent.after(),
            descent.steps(),
            descent.before() + settings.enough() * (1 - descent.before()));
      }
    }
  }

  private static List<Expression> survivors(Branch branch, int count, long seed) {
    List<Expression> survivors = new ArrayList<>();
    var trees = new RandomTrees(branch, seed, 1, 2, 3);
    for (int k = 0; survivors.size() < count; k++) {
      Expression tree = trees.next(3 + k % HEIGHTS);
      if (tree.size() >= LEAST_NODES
          && tree.size() <= MOST_NODES
          && Gates.published().judge(tree, branch) instanceof Verdict.Accepted) {
        survivors.add(tree);
      }
    }
    return survivors;
  }

  private static void speed(Branch branch, List<Expression> survivors, int rounds)
      throws InterruptedException, ExecutionException {
    PredictionRejection judge = PredictionRejection.of(branch);
    List<Descent> descents = survivors.stream().map(judge::judge).toList();
    double[] perSecond = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      long rejected = rejected(judge, survivors);
      perSecond[round] = survivors.size() / ((System.nanoTime() - start) / 1e9);
      if (rejected != descents.stream().filter(one -> !one.accepted()).count()) {
        throw new IllegalStateException("two threads judge otherwise than one");
      }
    }
    Arrays.sort(perSecond);
    long rejected = descents.stream().filter(one -> !one.accepted()).count();
    System.out.printf(
        "%-11s %9d %8d %5.1f%% %10.1f %7.0f   (%.0f to %.0f in %d rounds)%n",
        branch.label(),
        survivors.size(),
        rejected,
        100.0 * rejected / survivors.size(),
        descents.stream().mapToInt(Descent::steps).average().orElse(0),
        perSecond[rounds / 2],
        perSecond[0],
        perSecond[rounds - 1],
        rounds);
  }

  private static long rejected(PredictionRejection judge, List<Expression> survivors)
      throws InterruptedException, ExecutionException {
    var next = new AtomicInteger();
    long rejected = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Long>> parts =
          IntStream.range(0, THREADS)
              .mapToObj(_ -> threads.submit(() -> part(judge, survivors, next)))
              .toList();
      for (Future<Long> part : parts) {
        rejected += part.get();
      }
    }
    return rejected;
  }

  private static long part(
      PredictionRejection judge, List<Expression> survivors, AtomicInteger next) {
    long rejected = 0;
    for (int k = next.getAndIncrement(); k < survivors.size(); k = next.getAndIncrement()) {
      rejected += judge.judge(survivors.get(k)).accepted() ? 0 : 1;
    }
    return rejected;
  }
}
