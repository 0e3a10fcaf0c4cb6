package dev.autoloss.operator.losssearch;

import dev.autoloss.api.AcceleratorSeconds;
import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.ledger.TrialRun;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Budget;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.TrialId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a search has spent, as its trainings and the clock tell it, and what it may spend. */
final class Spending {
  private final LossSearch search;
  private final LossSearchSpec spec;
  private final Instant now;

  Spending(LossSearch search, Instant now) {
    this.search = search;
    this.spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.now = now;
  }

  /** What the owner allows. */
  Budget budget() {
    var budget = spec.budget();
    return new Budget(
        optional(budget.acceleratorSeconds()),
        optional(budget.trainings()),
        optional(budget.wallClockSeconds()));
  }

  private static OptionalLong optional(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** What is spent so far. */
  Budget.Spent spent(Ledger ledger, Trials trials) {
    SearchState state = ledger.state();
    AcceleratorSeconds seconds = seconds(ledger, trials);
    long recorded = state.outcomes().size();
    long others = trials.all().keySet().stream().filter(id -> state.outcome(id).isEmpty()).count();
    return new Budget.Spent(seconds.useful() + seconds.wasted(), recorded + others, age());
  }

  private double age() {
    return Conditions.time(search.getMetadata().getCreationTimestamp())
        .map(created -> Duration.between(created, now).toMillis() / 1000.0)
        .orElse(0.0);
  }

  /** Time until the wall-clock budget is spent; empty if there is none, or it is. */
  Optional<Duration> untilWallClockEnds() {
    Long most = spec.budget().wallClockSeconds();
    double left = most == null ? 0 : most - age();
    return left > 0
        ? Optional.of(Duration.ofMillis((long) (left * 1000) + 1000))
        : Optional.empty();
  }

  /**
   * Device time as ledger and trainings tell it: a recorded training may be gone. CPU trainings
   * take no device.
   */
  AcceleratorSeconds seconds(Ledger ledger, Trials trials) {
    int devices = spec.training().accelerator().count();
    double useful = 0;
    double wasted = 0;
    for (TrialRun run : runs(ledger, trials).values()) {
      useful += run.seconds().orElse(0) * devices;
      wasted += run.wasted() * devices;
    }
    return new AcceleratorSeconds(useful, wasted);
  }

  /** How trials were run: as recorded, and those that are not as their trainings tell it now. */
  static Map<TrialId, TrialRun> runs(Ledger ledger, Trials trials) {
    var runs = new TreeMap<TrialId, TrialRun>(ledger.runs());
    trials.all().forEach((id, training) -> runs.computeIfAbsent(id, _ -> run(training)));
    return runs;
  }

  /** How a trial was run as far as its training tells. */
  static TrialRun run(DetectorTraining training) {
    DetectorTrainingStatus status = training.getStatus();
    if (status == null) {
      return new TrialRun(OptionalDouble.empty(), 0, Optional.empty(), Optional.empty());
    }
    Double seconds = status.seconds();
    return new TrialRun(
        seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds),
        wasted(status.attempts()),
        Optional.ofNullable(status.image()).filter(image -> !image.isBlank()),
        Optional.ofNullable(status.dataDigest()).filter(digest -> !digest.isBlank()));
  }

  /** From the Job's creation to its seen end: waiting for a node is counted, too. */
  private static double wasted(@Nullable List<Attempt> attempts) {
    if (attempts == null) {
      return 0;
    }
    return attempts.stream()
        .filter(attempt -> attempt.end() != null && !"Result".equals(attempt.end()))
        .mapToDouble(
            attempt -> {
              Optional<Instant> start = Conditions.time(attempt.startTime());
              Optional<Instant> end = Conditions.time(attempt.completionTime());
              return start.isPresent() && end.isPresent()
                  ? Math.max(0, Duration.between(start.get(), end.get()).toSeconds())
                  : 0;
            })
        .sum();
  }
}
