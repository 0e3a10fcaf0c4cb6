package dev.autoloss.trainer.telemetry;

import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;

/** Hears of a training. */
public interface Watcher extends AutoCloseable {
  /**
   * Takes down how far the training is.
   *
   * @param progress how far
   * @throws IOException if it cannot be written
   */
  void progress(Progress progress) throws IOException;

  /**
   * Takes down how the training ended.
   *
   * @param result its result
   * @throws IOException if it cannot be written
   */
  void result(TrialResult result) throws IOException;

  @Override
  void close() throws IOException;
}
