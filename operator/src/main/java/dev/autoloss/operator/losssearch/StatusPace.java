package dev.autoloss.operator.losssearch;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets mere counts of a status wait, so that many results cost one write. What a person or a
 * program waits for – state, generation, conditions, verdict – is written at once. Nothing depends
 * on a status that is a little old: it is only a projection of the ledger.
 */
final class StatusPace {
  private static final Duration RESULTS = Duration.ofSeconds(2);
  private static final Duration AT_WORK = Duration.ofSeconds(10);

  private final Map<String, Instant> written = new ConcurrentHashMap<>();

  /**
   * How long a status may wait to be written.
   *
   * @return zero if it is to be written now
   */
  Duration wait(LossSearch search, LossSearchStatus fresh, Instant now) {
    LossSearchStatus old = search.getStatus();
    Instant last = written.get(search.getMetadata().getUid());
    if (old == null || last == null || last.isAfter(now) || !urgent(old).equals(urgent(fresh))) {
      return Duration.ZERO;
    }
    boolean results = !results(old).equals(results(fresh));
    Duration left = Duration.between(now, last.plus(results ? RESULTS : AT_WORK));
    return left.isPositive() ? left : Duration.ZERO;
  }

  private static List<@Nullable Object> urgent(LossSearchStatus status) {
    return Arrays.asList(
        status.observedGeneration(),
        status.state(),
        status.generation(),
        status.verdict(),
        status.pinned(),
        reasons(status));
  }

  /** Which trial waits for what may change often; that there is a reason is what matters. */
  private static List<String> reasons(LossSearchStatus status) {
    return Objects.requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
        .map(one -> one.getType() + " " + one.getStatus() + " " + one.getReason())
        .toList();
  }

  private static List<@Nullable Object> results(LossSearchStatus status) {
    return Arrays.asList(
        status.ledger(), status.best(), status.baseline(), status.controls(), status.finals());
  }

  void wrote(LossSearch search, Instant now) {
    written.put(search.getMetadata().getUid(), now);
  }

  void forget(String uid) {
    written.remove(uid);
  }
}
