package dev.autoloss.operator.training;

import java.util.function.LongSupplier;

/**
 * How fast the operator writes for all trainings together.
 *
 * @param jobs creations of Jobs
 * @param news statuses that only tell how a Job is doing: few a second, beside what the trials need
 */
public record WriteRates(WriteRate jobs, WriteRate news) {
  private static final int NEWS_PER_SECOND = 2;

  /**
   * The rates that a chart asks for.
   *
   * @param jobsPerSecond Jobs that may be created a second; 0 for no limit
   * @param nanos a clock such as {@link System#nanoTime}
   * @return full buckets
   */
  public static WriteRates of(int jobsPerSecond, LongSupplier nanos) {
    return new WriteRates(
        new WriteRate(jobsPerSecond, nanos), new WriteRate(NEWS_PER_SECOND, nanos));
  }

  void forget(String uid) {
    jobs.forget(uid);
    news.forget(uid);
  }
}
