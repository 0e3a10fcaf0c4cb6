package dev.autoloss.operator.training;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.Retries;
import java.util.List;

/** How often an attempt without a result is repeated, by the kind of its end. */
final class RetryPolicy {
  /** A training that is stopped that often by somebody unknown is not wanted. */
  static final int MOST_STOPS = 20;

  /** An attempt that ends without a word is repeated once. */
  static final int MOST_UNREPORTED = 1;

  private RetryPolicy() {}

  /** Says whether another attempt follows the newest, which has ended without a result. */
  static boolean another(AttemptEnd newest, List<Attempt> attempts, Retries retries) {
    long same = attempts.stream().filter(attempt -> newest.label().equals(attempt.end())).count();
    return switch (newest) {
      case INFRASTRUCTURE -> same <= retries.infrastructure();
      case TRAINER -> same <= retries.trainer();
      case UNREPORTED -> same <= MOST_UNREPORTED;
      case STOPPED -> same <= MOST_STOPS;
      case SUSPENDED -> true;
      case RESULT, DOCUMENT, DATA, MEMORY -> false;
    };
  }
}
