package dev.autoloss.local.run;

import dev.autoloss.local.job.JobOptions;
import java.nio.file.Path;

/**
 * How a resource is run.
 *
 * @param work folder for everything that is written
 * @param jobs how its Jobs run
 * @param view how progress is shown
 */
public record RunOptions(Path work, JobOptions jobs, ViewKind view) {
  /** How progress is shown. */
  public enum ViewKind {
    /** A block that is redrawn, on a terminal. */
    LIVE,
    /** A line for each event. */
    PLAIN,
    /** A JSON object for each event. */
    JSON
  }

  /**
   * Folder of the API server's journal, which holds the ledger.
   *
   * @param work the folder for everything
   * @return a folder in it
   */
  public static Path journal(Path work) {
    return work.resolve("api");
  }

  /**
   * Folder of the trials: each has its own.
   *
   * @param work the folder for everything
   * @return a folder in it
   */
  public static Path trials(Path work) {
    return work.resolve("trials");
  }
}
