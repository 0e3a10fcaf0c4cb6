package dev.autoloss.operator.metrics;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Score;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.TrialId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is appended to ledgers by this process, and shows the newest status of each search.
 * Counters start anew with the process, as Prometheus expects.
 */
public final class SearchMetrics {
  private final MeterRegistry registry;
  private final Timer seconds;
  private final Map<String, LossSearchStatus> statuses = new ConcurrentHashMap<>();
  private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

  /**
   * Registers the meters.
   *
   * @param registry where they go
   */
  public SearchMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.seconds =
        Timer.builder("autoloss.trial")
            .description("Time of training and evaluation of recorded trials")
            .register(registry);
    trials("running", TrialCounts::running);
    trials("scored", TrialCounts::scored);
    trials("diverged", TrialCounts::diverged);
    trials("rejected", TrialCounts::rejected);
    trials("lost", TrialCounts::lost);
    trials("skipped", TrialCounts::skipped);
    registry.counter("autoloss.generations");
  }

  private void trials(String state, ToIntFunction<TrialCounts> count) {
    Gauge.builder("autoloss.trials", statuses, all -> sum(all, count))
        .description("Trials of all searches by what became of them")
        .tag("state", state)
        .register(registry);
  }

  private static double sum(
      Map<String, LossSearchStatus> statuses, ToIntFunction<TrialCounts> count) {
    return statuses.values().stream()
        .map(LossSearchStatus::trials)
        .mapToInt(trials -> trials == null ? 0 : count.applyAsInt(trials))
        .sum();
  }

  /**
   * Counts events that this process has appended.
   *
   * @param events new events of a ledger
   * @param trainings the search's trainings by trial
   */
  public void recorded(List<SearchEvent> events, Map<TrialId, DetectorTraining> trainings) {
    for (SearchEvent event : events) {
      switch (event) {
        case SearchEvent.Proposed proposed -> funnel(proposed.funnel());
        case SearchEvent.Recorded recorded -> time(trainings.get(recorded.trial()));
        case SearchEvent.Sealed sealed ->
            // Generation 0 is the baseline.
            registry.counter("autoloss.generations").increment(Math.min(1, sealed.generation()));
        case SearchEvent.Promoted _, SearchEvent.Chosen _, SearchEvent.Failed _ -> {}
      }
    }
  }

  private void funnel(Funnel funnel) {
    candidates("duplicate", funnel.duplicates());
    candidates("trained", funnel.trained());
    funnel
        .rejected()
        .forEach((gate, count) -> candidates(gate.name().toLowerCase(Locale.ROOT), count));
  }

  private void candidates(String verdict, int count) {
    registry.counter("autoloss.candidates", "verdict", verdict).increment(count);
  }

  private void time(@Nullable DetectorTraining training) {
    DetectorTrainingStatus status = training == null ? null : training.getStatus();
    if (status != null && status.seconds() != null) {
      seconds.record(Duration.ofMillis(Math.round(status.seconds() * 1000)));
    }
  }

  /**
   * Shows a search's newest status.
   *
   * @param search the search
   * @param status its status
   */
  public void projected(LossSearch search, LossSearchStatus status) {
    String uid = search.getMetadata().getUid();
    statuses.put(uid, status);
    meters.computeIfAbsent(uid, fresh -> gauges(search, uid));
  }

  private List<Meter> gauges(LossSearch search, String uid) {
    Tags tags =
        Tags.of(
            "namespace",
            search.getMetadata().getNamespace(),
            "search",
            search.getMetadata().getName());
    return List.of(
        Gauge.builder("autoloss.best.ap", statuses, all -> best(all.get(uid)))
            .description("AP of the best candidate")
            .tags(tags)
            .register(registry),
        Gauge.builder("autoloss.baseline.ap", statuses, all -> baseline(all.get(uid)))
            .description("AP of the default pair")
            .tags(tags)
            .register(registry));
  }

  private static double best(@Nullable LossSearchStatus status) {
    List<Score> best = status == null ? null : status.best();
    return best == null || best.isEmpty() ? Double.NaN : best.getFirst().meanAP();
  }

  private static double baseline(@Nullable LossSearchStatus status) {
    Score baseline = status == null ? null : status.baseline();
    return baseline == null ? Double.NaN : baseline.meanAP();
  }

  /**
   * Forgets a search that is deleted.
   *
   * @param search the search
   */
  public void forget(LossSearch search) {
    String uid = search.getMetadata().getUid();
    statuses.remove(uid);
    List<Meter> gone = meters.remove(uid);
    if (gone != null) {
      gone.forEach(registry::remove);
    }
  }
}
