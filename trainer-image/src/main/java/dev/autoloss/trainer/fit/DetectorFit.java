package dev.autoloss.trainer.fit;

import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Progress;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.Detections;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Trains one detector from random weights and applies it. Not safe for use by several threads. */
@SuppressWarnings("DoNotCallSuggester") // The signatures come before the code.
public final class DetectorFit implements AutoCloseable {
  /**
   * Builds the detector, its loss and its optimiser.
   *
   * @param spec what to train
   * @param categories the classes
   * @param batchesPerEpoch steps of an epoch, at least 1
   * @throws DocumentException if a loss cannot be read, belongs to another branch, or the detector
   *     does not exist
   */
  public DetectorFit(DetectorTrainingSpec spec, Categories categories, int batchesPerEpoch) {
    throw new UnsupportedOperationException("in the making");
  }

  /**
   * Trains for the schedule's epochs.
   *
   * @param source training batches
   * @param progress told at most twice a second, and once at the end
   * @param stop asked after each step; true ends the training
   * @return how it ended
   * @throws dev.autoloss.trainer.data.DataException from the source, unchanged
   */
  public FitEnd train(BatchSource source, Consumer<Progress> progress, BooleanSupplier stop) {
    throw new UnsupportedOperationException("in the making");
  }

  /**
   * Finds objects.
   *
   * @param batch images; their boxes are not read
   * @return one for each image, in order, at most 100 boxes each
   */
  public List<Detections> detect(Batch batch) {
    throw new UnsupportedOperationException("in the making");
  }

  /**
   * Writes the parameters as safetensors: either the whole file appears or none.
   *
   * @param file to write or replace
   * @throws IOException if it cannot be written; an earlier file is untouched
   */
  public void saveCheckpoint(Path file) throws IOException {
    throw new UnsupportedOperationException("in the making");
  }

  @Override
  public void close() {}
}
