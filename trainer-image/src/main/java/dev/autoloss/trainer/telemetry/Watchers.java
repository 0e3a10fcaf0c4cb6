package dev.autoloss.trainer.telemetry;

import dev.autoloss.api.Progress;
import dev.autoloss.api.TrialResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All who watch a training. One who fails (whose disk is full, say) is named once and told nothing
 * any more; the training goes on.
 */
public final class Watchers implements AutoCloseable {
  private final List<Watcher> watchers;
  private final Consumer<String> notes;

  /** Something that a watcher is told. */
  @FunctionalInterface
  private interface News {
    void to(Watcher watcher) throws IOException;
  }

  /**
   * Takes the watchers.
   *
   * @param watchers any number
   * @param notes gets a line for each that fails
   */
  public Watchers(List<? extends Watcher> watchers, Consumer<String> notes) {
    this.watchers = new ArrayList<>(watchers);
    this.notes = notes;
  }

  /**
   * Tells all how far the training is.
   *
   * @param progress how far
   */
  public void progress(Progress progress) {
    tell(watcher -> watcher.progress(progress));
  }

  /**
   * Tells all how the training ended.
   *
   * @param result its result
   */
  public void result(TrialResult result) {
    tell(watcher -> watcher.result(result));
  }

  private void tell(News news) {
    for (Watcher watcher : List.copyOf(watchers)) {
      try {
        news.to(watcher);
      } catch (IOException failed) {
        watchers.remove(watcher);
        notes.accept(name(watcher) + " is not written any more: " + failed.getMessage());
        end(watcher);
      }
    }
  }

  private void end(Watcher watcher) {
    try {
      watcher.close();
    } catch (IOException failed) {
      notes.accept(name(watcher) + ": " + failed.getMessage());
    }
  }

  private static String name(Watcher watcher) {
    return watcher.getClass().getSimpleName();
  }

  @Override
  public void close() {
    watchers.forEach(this::end);
  }
}
