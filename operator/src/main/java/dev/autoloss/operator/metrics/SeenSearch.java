package dev.autoloss.operator.metrics;

import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Score;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.operator.resource.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was last seen of a search.
 *
 * @param search its newest version
 * @param status the status that was projected
 * @param grown when its ledger last grew, else when it was made; empty if unknown
 */
record SeenSearch(LossSearch search, LossSearchStatus status, Optional<Instant> grown) {
  private static final TrialCounts NONE = new TrialCounts(0, 0, 0, 0, 0, 0, 0);

  String uid() {
    return search.getMetadata().getUid();
  }

  String key() {
    return search.getMetadata().getNamespace() + "/" + search.getMetadata().getName();
  }

  SearchPhase phase() {
    return Objects.requireNonNullElse(status.state(), SearchPhase.PENDING);
  }

  boolean ended() {
    return phase() == SearchPhase.COMPLETE || phase() == SearchPhase.FAILED;
  }

  TrialCounts trials() {
    return Objects.requireNonNullElse(status.trials(), NONE);
  }

  List<Condition> conditions() {
    return Objects.requireNonNullElse(status.conditions(), List.of());
  }

  /**
   * Seconds since 1970 of the last growth of the ledger, or of the end of a suspension if that is
   * later; empty for a search that does not run.
   */
  OptionalDouble progressed() {
    if (phase() != SearchPhase.RUNNING || grown.isEmpty()) {
      return OptionalDouble.empty();
    }
    Optional<Instant> resumed =
        Conditions.find(conditions(), "Suspended")
            .flatMap(condition -> Conditions.time(condition.getLastTransitionTime()));
    Instant latest = resumed.filter(grown.get()::isBefore).orElse(grown.get());
    return OptionalDouble.of((double) latest.getEpochSecond());
  }

  double best() {
    List<Score> best = status.best();
    return best == null || best.isEmpty() ? Double.NaN : best.getFirst().meanAP();
  }

  double baseline() {
    Score baseline = status.baseline();
    return baseline == null ? Double.NaN : baseline.meanAP();
  }
}
