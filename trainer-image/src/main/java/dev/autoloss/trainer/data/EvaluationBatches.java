package dev.autoloss.trainer.data;

import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/**
 * Every image once, in an order that depends on the data set alone, not flipped. A batch holds
 * images of one padded size, so that no image's features depend on what it is batched with.
 */
public final class EvaluationBatches implements BatchSource, AutoCloseable {
  private final Categories categories;
  private final BatchAssembler assembler;
  private final List<int[]> batches = new ArrayList<>();
  private final ExecutorService readers = Readers.start();

  /**
   * Prepares the batches; no image is read yet.
   *
   * @param dataset at least one image
   * @param store its images
   * @param schedule batch size and resize
   * @param preprocessing how pixels become input
   * @throws DataException if there is no image
   */
  public EvaluationBatches(
      CocoDataset dataset, ImageStore store, Schedule schedule, Preprocessing preprocessing) {
    this(dataset, store, schedule.batchSize(), schedule.resize(), preprocessing);
  }

  /**
   * Prepares the batches without a schedule.
   *
   * @param dataset at least one image
   * @param store its images
   * @param batchSize images of a batch, at least 1
   * @param resize the size that images are brought to
   * @param preprocessing how pixels become input
   * @throws DataException if there is no image
   */
  public EvaluationBatches(
      CocoDataset dataset,
      ImageStore store,
      int batchSize,
      Resize resize,
      Preprocessing preprocessing) {
    if (dataset.images().isEmpty()) {
      throw new DataException(dataset.file() + ": images: expected at least one");
    }
    this.categories = dataset.categories();
    ResizedImages images = new ResizedImages(dataset.images(), store, resize, 0);
    this.assembler = new BatchAssembler(images, dataset.annotationsByImage(), preprocessing);
    Map<Long, List<Integer>> bySize = new TreeMap<>();
    for (int i = 0; i < dataset.images().size(); i++) {
      Resizing.Size size = images.size(i);
      long key =
          ((long) BatchAssembler.padded(size.height()) << 32) | BatchAssembler.padded(size.width());
      bySize.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
    }
    for (List<Integer> group : bySize.values()) {
      for (int start = 0; start < group.size(); start += batchSize) {
        int end = Math.min(start + batchSize, group.size());
        batches.add(group.subList(start, end).stream().mapToInt(Integer::intValue).toArray());
      }
    }
  }

  @Override
  public Categories categories() {
    return categories;
  }

  @Override
  public int batches() {
    return batches.size();
  }

  @Override
  public Iterator<Batch> epoch(int epoch, int first) {
    List<Callable<Batch>> tasks = new ArrayList<>();
    for (int[] indices : batches.subList(first, batches.size())) {
      tasks.add(() -> assembler.assemble(indices, new boolean[indices.length]));
    }
    return new ReadAhead<>(tasks.iterator(), readers, Readers.DEPTH);
  }

  /** Ends the reading threads. */
  @Override
  public void close() {
    readers.shutdownNow();
  }
}
