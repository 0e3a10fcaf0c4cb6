package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.FunnelCounts;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.Pin;
import dev.autoloss.api.SearchPhase;
import dev.autoloss.api.TrainingState;
import dev.autoloss.api.TrialCounts;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.FailureReason;
import dev.autoloss.search.Funnel;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Stage;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The status of a search as the projection of its ledger and trainings. */
final class StatusProjection {
  static final String ACCEPTED = "Accepted";
  static final String SUSPENDED = "Suspended";
  static final String PROGRESSING = "Progressing";
  static final String LEDGER_HEALTHY = "LedgerHealthy";
  static final String COMPLETE = "Complete";
  static final String FAILED = "Failed";

  private final LossSearch search;
  private final LossSearchSpec spec;
  private final Instant now;

  StatusProjection(LossSearch search, Instant now) {
    this.search = search;
    this.spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.now = now;
  }

  static Optional<Condition> condition(LossSearch search, String type) {
    return Optional.ofNullable(search.getStatus())
        .flatMap(status -> Conditions.find(status.conditions(), type));
  }

  /** The status after a step. */
  LossSearchStatus of(StepResult result) {
    return switch (result) {
      case StepResult.Invalid invalid -> invalid(String.join("; ", invalid.lines()));
      case StepResult.Damaged damaged -> damaged(damaged);
      case StepResult.Refused refused -> halted(refused.halt());
      case StepResult.Taken taken -> taken(taken);
    };
  }

  private LossSearchStatus invalid(String message) {
    String line = shortened(message);
    return keep(
        SearchPhase.FAILED,
        conditions()
            .set(ACCEPTED, false, SearchReason.INVALID_SPEC, line)
            .set(PROGRESSING, false, SearchReason.INVALID_SPEC, "")
            .set(FAILED, true, SearchReason.INVALID_SPEC, line));
  }

  /** Not terminal: a ledger that is mended is gone on from. */
  private LossSearchStatus damaged(StepResult.Damaged damaged) {
    return keep(
        SearchPhase.FAILED,
        conditions()
            .set(ACCEPTED, true, SearchReason.SPEC_VALID, "")
            .set(PROGRESSING, false, damaged.reason(), "")
            .set(LEDGER_HEALTHY, false, damaged.reason(), shortened(damaged.line())));
  }

  /** The status of a search that can't go on for now; what else is known of it stands. */
  LossSearchStatus halted(StepResult.Halt halt) {
    SearchPhase phase =
        search.getStatus() == null || search.getStatus().state() == null
            ? SearchPhase.RUNNING
            : search.getStatus().state();
    Conditions conditions = conditions().set(ACCEPTED, true, SearchReason.SPEC_VALID, "");
    conditions.set(PROGRESSING, false, halt.reason(), shortened(halt.line()));
    for (String type : List.of(SUSPENDED, LEDGER_HEALTHY, COMPLETE, FAILED)) {
      condition(search, type).ifPresent(conditions::keep);
    }
    return keep(phase, conditions);
  }

  /** What is known of the search stays as it was. */
  private LossSearchStatus keep(SearchPhase phase, Conditions conditions) {
    LossSearchStatus old =
        Objects.requireNonNullElse(
            search.getStatus(),
            new LossSearchStatus(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null));
    return new LossSearchStatus(
        search.getMetadata().getGeneration(),
        phase,
        old.generation(),
        old.trials(),
        old.funnel(),
        old.best(),
        old.baseline(),
        old.controls(),
        old.finals(),
        old.verdict(),
        old.correlations(),
        old.ledger(),
        old.pinned(),
        old.acceleratorSeconds(),
        conditions.list());
  }

  private LossSearchStatus taken(StepResult.Taken taken) {
    SearchState state = taken.ledger().state();
    SearchPhase phase = phase(taken);
    var scores = new ScoreProjection(taken.spec(), state);
    List<Pin> pinned = new Provenance(taken.ledger().runs()).pins();
    return new LossSearchStatus(
        search.getMetadata().getGeneration(),
        phase,
        state.generation(),
        counts(taken),
        state.funnel(state.generation()).map(funnel -> counts(taken, funnel)).orElse(null),
        scores.best(),
        scores.baseline(),
        scores.controls(),
        scores.finals(),
        scores.verdict(),
        scores.correlations(),
        taken.ledger().head().orElse(null),
        pinned.isEmpty() ? null : pinned,
        new Spending(search, now).seconds(taken.ledger(), taken.trials()),
        conditions(taken, phase).list());
  }

  private SearchPhase phase(StepResult.Taken taken) {
    SearchState state = taken.ledger().state();
    if (taken.failure().isPresent() || state.failure().isPresent()) {
      return SearchPhase.FAILED;
    }
    if (state.complete(taken.spec()) || taken.exhausted().isPresent()) {
      return SearchPhase.COMPLETE;
    }
    return spec.suspend() ? SearchPhase.SUSPENDED : SearchPhase.RUNNING;
  }

  private Conditions conditions(StepResult.Taken taken, SearchPhase phase) {
    Conditions conditions =
        conditions()
            .set(ACCEPTED, true, SearchReason.SPEC_VALID, "")
            .set(
                SUSPENDED,
                spec.suspend(),
                spec.suspend() ? SearchReason.SUSPEND_REQUESTED : SearchReason.NOT_SUSPENDED,
                "");
    progressing(conditions, taken, phase);
    conditions.set(LEDGER_HEALTHY, true, SearchReason.LEDGER_VERIFIED, "");
    if (phase == SearchPhase.COMPLETE) {
      complete(conditions, taken);
    } else if (phase == SearchPhase.FAILED) {
      fail(conditions, taken);
    }
    return conditions;
  }

  /** While trials are at work, the first of them that is kept from it is told, too. */
  private static void progressing(
      Conditions conditions, StepResult.Taken taken, SearchPhase phase) {
    Optional<StepResult.Halt> halt = taken.halt();
    if (halt.isPresent()) {
      conditions.set(PROGRESSING, false, halt.get().reason(), shortened(halt.get().line()));
    } else if (phase == SearchPhase.RUNNING) {
      String waiting = taken.trials().waiting(taken.ledger().state()).orElse("");
      conditions.set(PROGRESSING, true, SearchReason.TRIALS_AT_WORK, shortened(waiting));
    } else {
      conditions.set(PROGRESSING, false, SearchReason.NO_TRIAL_AT_WORK, "");
    }
  }

  private static void complete(Conditions conditions, StepResult.Taken taken) {
    SearchState state = taken.ledger().state();
    if (!state.complete(taken.spec())) {
      conditions.set(COMPLETE, true, SearchReason.BUDGET_SPENT, taken.exhausted().orElse(""));
    } else if (state.generation() < taken.spec().evolution().generations()
        && state.stagnant(taken.spec())) {
      conditions.set(
          COMPLETE,
          true,
          SearchReason.NO_IMPROVEMENT,
          "no better candidate in the last %d generations"
              .formatted(taken.spec().procedure().noImprovement()));
    } else {
      conditions.set(COMPLETE, true, SearchReason.GENERATIONS_SEALED, "");
    }
  }

  private static void fail(Conditions conditions, StepResult.Taken taken) {
    Optional<SearchEvent.Failed> failure = taken.ledger().state().failure();
    if (failure.isPresent()) {
      conditions.set(
          FAILED, true, reason(failure.get().reason()), shortened(failure.get().message()));
    } else {
      taken
          .failure()
          .ifPresent(halt -> conditions.set(FAILED, true, halt.reason(), shortened(halt.line())));
    }
  }

  private static SearchReason reason(FailureReason reason) {
    return switch (reason) {
      case SPACE_EXHAUSTED -> SearchReason.SPACE_EXHAUSTED;
      case TOO_MANY_LOST -> SearchReason.TOO_MANY_LOST;
      case NOTHING_TRAINED -> SearchReason.NOTHING_TRAINED;
    };
  }

  private Conditions conditions() {
    return new Conditions(
        search.getStatus() == null ? null : search.getStatus().conditions(),
        search.getMetadata().getGeneration(),
        now);
  }

  private static TrialCounts counts(StepResult.Taken taken) {
    SearchState state = taken.ledger().state();
    int[] counts = new int[5];
    for (TrialOutcome outcome : state.outcomes().values()) {
      switch (outcome) {
        case TrialOutcome.Scored ignored -> counts[0]++;
        case TrialOutcome.Diverged ignored -> counts[1]++;
        case TrialOutcome.Rejected ignored -> counts[2]++;
        case TrialOutcome.Lost ignored -> counts[3]++;
        case TrialOutcome.Skipped ignored -> counts[4]++;
      }
    }
    long running =
        taken.trials().all().values().stream()
            .map(DetectorTraining::getStatus)
            .filter(status -> status != null && status.state() == TrainingState.RUNNING)
            .count();
    int proposed = state.outcomes().size() + state.unfinished(taken.spec()).size();
    return new TrialCounts(
        proposed, (int) running, counts[0], counts[1], counts[2], counts[3], counts[4]);
  }

  private static FunnelCounts counts(StepResult.Taken taken, Funnel funnel) {
    SearchState state = taken.ledger().state();
    int generation = state.generation();
    var rejected = new TreeMap<String, Integer>();
    funnel.rejected().forEach((gate, count) -> rejected.put(Conditions.camelCase(gate), count));
    boolean simulated = generation > 0 && taken.spec().procedure().simulated().isPresent();
    List<SearchEvent.Promoted> promotions = state.promotions(generation);
    int entered = promotions.isEmpty() ? 0 : promotions.getFirst().candidates().size();
    return new FunnelCounts(
        funnel.generated(),
        funnel.duplicates(),
        rejected,
        simulated ? funnel.accepted() : null,
        simulated ? passed(state, generation) : null,
        simulated ? entered : funnel.trained(),
        simulated ? seconds(taken, generation, Stage.SIMULATION) : null,
        seconds(taken, generation, Stage.PROXY));
  }

  private static int passed(SearchState state, int generation) {
    return (int)
        state.outcomes().entrySet().stream()
            .filter(entry -> entry.getKey().stage() == Stage.SIMULATION)
            .filter(entry -> entry.getKey().candidate().generation() == generation)
            .filter(entry -> entry.getValue() instanceof TrialOutcome.Scored)
            .count();
  }

  private static @Nullable Double seconds(StepResult.Taken taken, int generation, Stage stage) {
    double[] known =
        Spending.runs(taken.ledger(), taken.trials()).entrySet().stream()
            .filter(entry -> entry.getKey().stage() == stage)
            .filter(entry -> entry.getKey().candidate().generation() == generation)
            .flatMapToDouble(entry -> entry.getValue().seconds().stream())
            .toArray();
    return known.length == 0 ? null : Arrays.stream(known).sum();
  }

  private static String shortened(String message) {
    return message.length() <= 1024 ? message : message.substring(0, 1024);
  }
}
