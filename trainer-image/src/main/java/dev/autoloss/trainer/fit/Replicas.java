package dev.autoloss.trainer.fit;

import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.fit.Exchange.AbandonedException;
import dev.autoloss.trainer.loss.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Copies of a detector that learn side by side, each from an equal part of every batch and on a
 * thread of its own. The first one's weights are the training's: the others take them over before
 * each step, and its gradients are the mean of all.
 *
 * <p>Gradients are added up in the order of the replicas, so that a training repeats itself.
 */
final class Replicas implements AutoCloseable {
  private final List<Replica> replicas = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private final int microBatches;

  /**
   * Makes the replicas.
   *
   * @param count at least 1
   * @param microBatches of each replica's part of a batch, learnt from one after the other
   * @param make makes the replica of a number; all start from the first one's weights
   */
  Replicas(int count, int microBatches, IntFunction<Replica> make) {
    this.microBatches = microBatches;
    for (int i = 0; i < count; i++) {
      replicas.add(make.apply(i));
      threads.add(
          Executors.newSingleThreadExecutor(
              Thread.ofPlatform().daemon().name("replica-" + i).factory()));
    }
    if (count > 1) {
      replicas.forEach(replica -> replica.parameters().keepGradients());
    }
  }

  /** The replica whose weights count. */
  Replica first() {
    return replicas.getFirst();
  }

  /** Parts of equal size that a batch is divided into. */
  int parts() {
    return replicas.size() * microBatches;
  }

  /**
   * Adds to the first replica's gradients those of the mean loss of the batch's parts.
   *
   * @param batch as many images as are divisible by {@link #parts}
   * @param step number of the step
   * @return parts of the loss, in the mean
   */
  double[] learn(Batch batch, long step) {
    if (replicas.size() == 1) {
      return learn(0, batch, step, Reduction.ALONE);
    }
    var exchange = new Exchange(replicas.size());
    List<Callable<double[]>> tasks = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      int replica = i;
      tasks.add(
          () -> {
            try {
              if (replica > 0) {
                replicas.get(replica).parameters().copyFrom(first().parameters());
              }
              return learn(replica, batch, step, exchange.of(replica));
            } catch (RuntimeException | Error e) {
              exchange.abandon();
              throw e;
            }
          });
    }
    double[] sums = sum(inParallel(tasks));
    for (Replica other : replicas.subList(1, replicas.size())) {
      first().parameters().addGradients(other.parameters());
    }
    return sums;
  }

  /** Learns from the part of the batch that belongs to a replica. */
  private double[] learn(int replica, Batch batch, long step, Reduction reduction) {
    int images = batch.samples().size() / parts();
    List<double[]> losses = new ArrayList<>();
    for (int i = 0; i < microBatches; i++) {
      int first = (replica * microBatches + i) * images;
      Batch part = parts() == 1 ? batch : batch.part(first, first + images);
      losses.add(replicas.get(replica).learn(part, step, 1. / parts(), reduction));
    }
    return sum(losses);
  }

  private List<double[]> inParallel(List<Callable<double[]>> tasks) {
    List<Future<double[]>> futures = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      futures.add(threads.get(i).submit(tasks.get(i)));
    }
    List<double[]> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<double[]> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    failures.stream()
        .sorted((a, b) -> Boolean.compare(isConsequence(a), isConsequence(b)))
        .findFirst()
        .ifPresent(Replicas::rethrow);
    return results;
  }

  private static boolean isConsequence(Throwable failure) {
    return failure instanceof AbandonedException;
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Adds up; parts that a loss lacks (without masks, say) count as zero. */
  private static double[] sum(List<double[]> losses) {
    double[] sums = new double[losses.stream().mapToInt(parts -> parts.length).max().orElse(0)];
    for (double[] parts : losses) {
      for (int i = 0; i < parts.length; i++) {
        sums[i] += parts[i];
      }
    }
    return sums;
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
    replicas.forEach(Replica::close);
  }
}
