package dev.autoloss.operator.lease;

import java.time.Duration;

/**
 * How long things of an election may take. The leader stops at two thirds of the lease: what is
 * left is for requests that are on their way, and for clocks that run faster than others.
 *
 * @param lease how long a lease that is not renewed is respected
 * @param term how long the leader may write after it began a renewal that succeeded
 * @param retry time between two tries to take or to renew
 */
public record LeaseTiming(Duration lease, Duration term, Duration retry) {
  private static final int TERM_NUMERATOR = 2;
  private static final int TERM_DENOMINATOR = 3;
  private static final int TRIES = 7;
  private static final int SOONER = 8;

  /**
   * The usual proportions.
   *
   * @param lease duration of the lease, whole seconds, at least 1
   * @return a term of two thirds and seven tries a lease
   */
  public static LeaseTiming of(Duration lease) {
    return new LeaseTiming(
        lease,
        lease.multipliedBy(TERM_NUMERATOR).dividedBy(TERM_DENOMINATOR),
        lease.dividedBy(TRIES));
  }

  /**
   * Time until the next try after a renewal that failed.
   *
   * @return an eighth of the time between two tries
   */
  Duration retryFailed() {
    return retry.dividedBy(SOONER);
  }
}
