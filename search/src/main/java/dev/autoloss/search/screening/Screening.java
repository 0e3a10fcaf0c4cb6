package dev.autoloss.search.screening;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.PrefixTree;
import dev.autoloss.loss.gate.Examiner;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.loss.rejection.PredictionRejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * The funnel without training, over any number of drawn losses: same text, gates, same gradients
 * and, if wanted, prediction-level rejection. Losses are judged on several threads and counted in
 * the order of their numbers, so the result does not depend on the threads. Memory is bounded: what
 * was seen is kept as hashes, of survivors their numbers.
 */
public final class Screening {
  private static final int BATCH = 4096;

  /** Places for texts and for fingerprints: together 24 MiB. */
  private static final int TEXTS = 1 << 21;

  private static final int FINGERPRINTS = 1 << 20;

  private final DrawnTrees trees;
  private final Branch branch;
  private final long candidates;
  private final int threads;
  private final SeenNumbers texts = new SeenNumbers(TEXTS);
  private final SeenNumbers fingerprints = new SeenNumbers(FINGERPRINTS);
  private final List<Survivor> survivors = new ArrayList<>();
  private final Tally tally;

  private Screening(DrawnTrees trees, Branch branch, long candidates, int threads) {
    this.trees = trees;
    this.branch = branch;
    this.candidates = candidates;
    this.threads = threads;
    this.tally = new Tally(branch);
  }

  /** A loss that is left, by its number, and whether its negative is meant. */
  private record Survivor(long number, boolean flipped) {}

  /**
   * Screens the first losses.
   *
   * @param trees where they come from
   * @param branch their branch
   * @param candidates how many, at least 1
   * @param options how it is done
   * @return the funnel and what is left
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static Screened run(DrawnTrees trees, Branch branch, long candidates, Options options)
      throws InterruptedException {
    long start = System.nanoTime();
    var screening = new Screening(trees, branch, candidates, options.threads());
    try (ExecutorService pool = Executors.newFixedThreadPool(options.threads())) {
      screening.judge(pool, options.progress());
      List<Expression> left =
          options.rejection() ? screening.rejected(pool) : screening.survivors();
      return new Screened(
          candidates,
          (System.nanoTime() - start) / 1e9,
          screening.tally.stages(),
          screening.tally.flipped(),
          left);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }

  /**
   * How a screening is done.
   *
   * @param threads threads that judge, at least 1
   * @param rejection whether survivors are judged by what they make of predictions, too
   * @param progress is told how many losses are done, now and then
   */
  public record Options(int threads, boolean rejection, LongConsumer progress) {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if there is no thread
     */
    public Options {
      if (threads < 1) {
        throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
      }
    }
  }

  private void judge(ExecutorService pool, LongConsumer progress)
      throws InterruptedException, ExecutionException {
    // A few batches ahead, so that a slow one stops nobody and memory stays bounded.
    var ahead = new java.util.ArrayDeque<Future<Batch>>();
    var free = new java.util.ArrayDeque<Batch>();
    long next = 0;
    long done = 0;
    while (done < candidates) {
      while (next < candidates && ahead.size() < 2 * threads) {
        Batch batch = free.isEmpty() ? new Batch(branch, BATCH) : free.pop();
        long first = next;
        int count = (int) Math.min(BATCH, candidates - first);
        ahead.add(pool.submit(() -> batch.judge(trees, first, count)));
        next += count;
      }
      Batch batch = ahead.remove().get();
      count(batch);
      done += batch.count();
      free.push(batch);
      progress.accept(done);
    }
  }

  private void count(Batch batch) {
    for (int i = 0; i < batch.count(); i++) {
      Optional<Gate> failed = batch.failed(i);
      if (!texts.add(batch.text(i))) {
        tally.known(batch.nanos(i));
      } else if (failed.isPresent()) {
        tally.failed(failed.get(), batch.nanos(i));
      } else if (fingerprints.add(batch.fingerprint(i))) {
        survivors.add(new Survivor(batch.first() + i, batch.flipped(i)));
        tally.passed(batch.nanos(i), batch.flipped(i));
      } else {
        tally.twin(batch.nanos(i));
      }
    }
  }

  private List<Expression> survivors() {
    return survivors.stream().map(this::expression).toList();
  }

  private Expression expression(Survivor survivor) {
    var tree = new PrefixTree();
    trees.draw(survivor.number(), tree);
    Expression loss = tree.expression();
    return survivor.flipped() ? Examiner.negative(loss) : loss;
  }

  private List<Expression> rejected(ExecutorService pool)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    PredictionRejection judge = PredictionRejection.of(branch);
    List<Future<List<Expression>>> parts = new ArrayList<>();
    for (int part = 0; part < threads; part++) {
      int first = part * survivors.size() / threads;
      int last = (part + 1) * survivors.size() / threads;
      parts.add(
          pool.submit(
              () ->
                  IntStream.range(first, last)
                      .mapToObj(i -> expression(survivors.get(i)))
                      .filter(loss -> judge.judge(loss).problem().isEmpty())
                      .toList()));
    }
    List<Expression> left = new ArrayList<>();
    for (Future<List<Expression>> part : parts) {
      left.addAll(part.get());
    }
    tally.predictions(survivors.size() - left.size(), System.nanoTime() - start);
    return left;
  }
}
