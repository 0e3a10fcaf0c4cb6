package dev.autoloss.operator.metrics;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.loss.gate.Gate;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is appended to ledgers by this process, and shows the newest status of each search.
 * Counters start anew with the process, as Prometheus expects; all that are known beforehand start
 * at 0, so that a first occurrence is seen as an increase.
 */
public final class SearchMetrics {
  private static final List<String> OUTCOMES =
      List.of("scored", "diverged", "rejected", "lost", "skipped");
  private static final String SCREENING = "screening";
  private static final String PASSED = "passed";
  private static final String SURVIVED = "survived";
  private static final Duration[] BUCKETS =
      List.of(1, 5, 15, 30, 60, 120, 240, 480, 1440).stream()
          .map(Duration::ofMinutes)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final SearchSeries series;
  private final Map<String, SeenSearch> seen = new ConcurrentHashMap<>();
  private final Set<StatedCondition> stated = ConcurrentHashMap.newKeySet();

  private record StatedCondition(String type, String status, String reason) {
    static StatedCondition of(Condition condition) {
      return new StatedCondition(condition.getType(), condition.getStatus(), condition.getReason());
    }
  }

  /**
   * Registers the meters.
   *
   * @param registry where they go
   * @param mostSeries searches that have series of their own, at most; 0 for none
   */
  SearchMetrics(MeterRegistry registry, int mostSeries) {
    this.registry = registry;
    this.series = new SearchSeries(registry, mostSeries);
    for (SearchPhase phase : SearchPhase.values()) {
      Gauge.builder("autoloss.searches", seen, all -> count(all, phase))
          .description("Searches by where they stand")
          .tag("state", lower(phase))
          .register(registry);
    }
    TrialStates.ALL.forEach(this::trials);
    Gauge.builder("autoloss.searches.hidden", seen, all -> all.size() - series.size())
        .description("Searches without series of their own")
        .register(registry);
    Gauge.builder("autoloss.oldest.progress.timestamp.seconds", seen, SearchMetrics::oldest)
        .description("The earliest of the times when running searches last grew; NaN if none runs")
        .register(registry);
    generations();
    ended(SearchPhase.COMPLETE);
    ended(SearchPhase.FAILED);
    candidates(SCREENING, "duplicate");
    candidates(SCREENING, PASSED);
    for (Gate gate : Gate.values()) {
      candidates(SCREENING, lower(gate));
    }
    OUTCOMES.forEach(outcome -> candidates(lower(Stage.SIMULATION), verdict(outcome)));
    candidates(lower(Stage.PROXY), SURVIVED);
    for (Stage stage : Stage.values()) {
      OUTCOMES.forEach(outcome -> results(stage, outcome));
      time(stage);
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static double count(Map<String, SeenSearch> seen, SearchPhase phase) {
    return seen.values().stream().filter(search -> search.phase() == phase).count();
  }

  private void trials(String state, ToIntFunction<TrialCounts> count) {
    Gauge.builder(
            "autoloss.trials",
            seen,
            all -> all.values().stream().mapToInt(s -> count.applyAsInt(s.trials())).sum())
        .description("Trials of all searches by what became of them")
        .tag("state", state)
        .register(registry);
  }

  private static double oldest(Map<String, SeenSearch> seen) {
    return seen.values().stream()
        .flatMapToDouble(search -> search.progressed().stream())
        .min()
        .orElse(Double.NaN);
  }

  private Counter generations() {
    return Counter.builder("autoloss.generations")
        .description("Evolved generations that were sealed")
        .register(registry);
  }

  private Counter candidates(String stage, String verdict) {
    return Counter.builder("autoloss.candidates")
        .description("Candidates by stage and verdict")
        .tag("stage", stage)
        .tag("verdict", verdict)
        .register(registry);
  }

  private Counter results(Stage stage, String outcome) {
    return Counter.builder("autoloss.trial.results")
        .description("Recorded trials by stage and outcome")
        .tag("stage", lower(stage))
        .tag("outcome", outcome)
        .register(registry);
  }

  private Timer time(Stage stage) {
    return Timer.builder("autoloss.trial")
        .description("Time of training and evaluation of recorded trials")
        .tag("stage", lower(stage))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
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
        case SearchEvent.Proposed proposed -> proposed(proposed);
        case SearchEvent.Recorded recorded -> recorded(recorded, trainings.get(recorded.trial()));
        case SearchEvent.Sealed sealed -> sealed(sealed);
        case SearchEvent.Promoted _, SearchEvent.Chosen _, SearchEvent.Failed _ -> {}
      }
    }
  }

  /** Generation 0 is the baseline, which is not screened. */
  private void proposed(SearchEvent.Proposed proposed) {
    if (proposed.generation() == 0) {
      return;
    }
    Funnel funnel = proposed.funnel();
    candidates(SCREENING, "duplicate").increment(funnel.duplicates());
    candidates(SCREENING, PASSED).increment(funnel.accepted());
    funnel.rejected().forEach((gate, count) -> candidates(SCREENING, lower(gate)).increment(count));
  }

  private void recorded(SearchEvent.Recorded recorded, @Nullable DetectorTraining training) {
    Stage stage = recorded.trial().stage();
    String outcome = outcome(recorded.outcome());
    results(stage, outcome).increment();
    if (stage == Stage.SIMULATION) {
      candidates(lower(stage), verdict(outcome)).increment();
    }
    DetectorTrainingStatus status = training == null ? null : training.getStatus();
    if (status != null && status.seconds() != null) {
      time(stage).record(Duration.ofMillis(Math.round(status.seconds() * 1000)));
    }
  }

  private static String outcome(TrialOutcome outcome) {
    return switch (outcome) {
      case TrialOutcome.Scored _ -> "scored";
      case TrialOutcome.Diverged _ -> "diverged";
      case TrialOutcome.Rejected _ -> "rejected";
      case TrialOutcome.Lost _ -> "lost";
      case TrialOutcome.Skipped _ -> "skipped";
    };
  }

  /** A simulation only kills: whoever is scored has passed. */
  private static String verdict(String outcome) {
    return "scored".equals(outcome) ? PASSED : outcome;
  }

  private void sealed(SearchEvent.Sealed sealed) {
    if (sealed.generation() > 0) {
      generations().increment();
      Counter survived = candidates(lower(Stage.PROXY), SURVIVED);
      sealed.survivors().stream()
          .filter(survivor -> survivor.generation() == sealed.generation())
          .forEach(_ -> survived.increment());
    }
  }

  /**
   * Shows a search's newest status.
   *
   * @param search the search, with the status that stood
   * @param status its new status
   * @param grown when its ledger last grew; empty if it has none
   */
  public void projected(LossSearch search, LossSearchStatus status, Optional<Instant> grown) {
    var now =
        new SeenSearch(
            search,
            status,
            grown.or(() -> Conditions.time(search.getMetadata().getCreationTimestamp())));
    LossSearchStatus before = search.getStatus();
    if (now.ended() && (before == null || before.state() != now.phase())) {
      ended(now.phase()).increment();
    }
    now.conditions().stream().map(StatedCondition::of).filter(stated::add).forEach(this::condition);
    seen.put(now.uid(), now);
    series.show(now);
  }

  private Counter ended(SearchPhase phase) {
    return Counter.builder("autoloss.searches.ended")
        .description("Searches that came to an end")
        .tag("state", lower(phase))
        .register(registry);
  }

  private void condition(StatedCondition condition) {
    Gauge.builder("autoloss.search.conditions", seen, all -> holding(all, condition))
        .description("Searches by their conditions")
        .tag("condition", condition.type())
        .tag("status", condition.status())
        .tag("reason", condition.reason())
        .register(registry);
  }

  private static double holding(Map<String, SeenSearch> seen, StatedCondition condition) {
    return seen.values().stream()
        .flatMap(search -> search.conditions().stream())
        .filter(one -> condition.equals(StatedCondition.of(one)))
        .count();
  }

  /**
   * Forgets a search that is deleted.
   *
   * @param uid the search's
   */
  public void forget(String uid) {
    SeenSearch gone = seen.remove(uid);
    if (gone != null) {
      series.forget(gone.key(), gone.uid());
    }
  }
}
