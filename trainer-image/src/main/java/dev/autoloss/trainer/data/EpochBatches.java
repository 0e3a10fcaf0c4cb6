package dev.autoloss.trainer.data;

import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Batches to train on: shuffled anew and flipped by chance in each epoch. A batch holds images of
 * one aspect group (wider than high, or not); the last batch of a group is filled up with further
 * images of the group, drawn by chance, so that all are of one size (mmdet {@code GroupSampler}).
 *
 * <p>Images are decoded by threads of its own, ahead of the training, and kept resized in memory as
 * far as a quarter of the heap goes.
 */
public final class EpochBatches implements BatchSource, AutoCloseable {
  private static final double SHARE_OF_HEAP = .25;

  private final Categories categories;
  private final BatchAssembler assembler;
  private final List<int[]> aspectGroups;
  private final int batchSize;
  private final double flip;
  private final long seed;
  private final ExecutorService readers = Readers.start();

  /**
   * Prepares the batches; no image is read yet.
   *
   * @param dataset what {@link Selection#trainable} left
   * @param store its images
   * @param schedule batch size, resize and flip
   * @param preprocessing how pixels become input
   * @param seed of shuffling and flipping
   */
  public EpochBatches(
      CocoDataset dataset,
      ImageStore store,
      Schedule schedule,
      Preprocessing preprocessing,
      long seed) {
    this.categories = dataset.categories();
    this.batchSize = schedule.batchSize();
    this.flip = schedule.flip();
    this.seed = seed;
    long cacheBytes = (long) (Runtime.getRuntime().maxMemory() * SHARE_OF_HEAP);
    this.assembler =
        new BatchAssembler(
            new ResizedImages(dataset.images(), store, schedule.resize(), cacheBytes),
            dataset.annotationsByImage(),
            preprocessing);
    this.aspectGroups = groups(dataset.images());
  }

  private static List<int[]> groups(List<CocoImage> images) {
    List<Integer> wide = new ArrayList<>();
    List<Integer> high = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      (images.get(i).width() > images.get(i).height() ? wide : high).add(i);
    }
    return List.of(wide, high).stream()
        .filter(group -> !group.isEmpty())
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  @Override
  public Categories categories() {
    return categories;
  }

  @Override
  public int batches() {
    return aspectGroups.stream().mapToInt(group -> Math.ceilDiv(group.length, batchSize)).sum();
  }

  @Override
  public Iterator<Batch> epoch(int epoch, int first) {
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L + epoch);
    List<Callable<Batch>> tasks = new ArrayList<>();
    for (int[] group : aspectGroups) {
      List<Integer> order = new ArrayList<>();
      for (int index : group) {
        order.add(index);
      }
      Collections.shuffle(order, random);
      while (order.size() % batchSize != 0) {
        order.add(group[random.nextInt(group.length)]);
      }
      for (int start = 0; start < order.size(); start += batchSize) {
        tasks.add(task(order.subList(start, start + batchSize), random));
      }
    }
    Collections.shuffle(tasks, random);
    return new ReadAhead<>(tasks.subList(first, tasks.size()).iterator(), readers, Readers.DEPTH);
  }

  private Callable<Batch> task(List<Integer> order, RandomGenerator random) {
    int[] indices = order.stream().mapToInt(Integer::intValue).toArray();
    boolean[] flips = new boolean[indices.length];
    for (int i = 0; i < flips.length; i++) {
      flips[i] = random.nextDouble() < flip;
    }
    return () -> assembler.assemble(indices, flips);
  }

  /** Ends the reading threads; iterators that were not read to their end are lost. */
  @Override
  public void close() {
    readers.shutdownNow();
  }
}
