package dev.autoloss.trainer.data;

import java.util.Iterator;

/** Batches of a data set, drawn anew for each epoch. */
public interface BatchSource {
  /**
   * The classes that labels point into.
   *
   * @return at least one
   */
  Categories categories();

  /**
   * Counts the batches of an epoch.
   *
   * @return at least 1
   */
  int batches();

  /**
   * Draws an epoch: the same batches for the same seed and epoch, whatever was drawn before.
   *
   * @param epoch from 0
   * @return {@link #batches()} batches
   * @throws DataException if an image cannot be read; thrown by the iterator
   */
  default Iterator<Batch> epoch(int epoch) {
    return epoch(epoch, 0);
  }

  /**
   * Draws the rest of an epoch.
   *
   * @param epoch from 0
   * @param first number of the first batch, from 0
   * @return the same batches as those of the whole epoch from there on; what comes before is not
   *     read
   * @throws DataException if an image cannot be read; thrown by the iterator
   */
  Iterator<Batch> epoch(int epoch, int first);
}
