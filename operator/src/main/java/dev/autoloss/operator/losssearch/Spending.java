package dev.autoloss.operator.losssearch;

import dev.autoloss.api.AcceleratorSeconds;
import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.search.Budget;
import dev.autoloss.search.SearchState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
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
  Budget.Spent spent(SearchState state, Trials trials) {
    AcceleratorSeconds seconds = seconds(trials.all().values());
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

  /** Device time as the trainings that are still there tell it; CPU trainings take no device. */
  AcceleratorSeconds seconds(Collection<DetectorTraining> trainings) {
    int devices = spec.training().accelerator().count();
    double useful = 0;
    double wasted = 0;
    for (DetectorTraining training : trainings) {
      DetectorTrainingStatus status = training.getStatus();
      if (status != null) {
        useful += status.seconds() == null ? 0 : status.seconds() * devices;
        wasted += wasted(status.attempts()) * devices;
      }
    }
    return new AcceleratorSeconds(useful, wasted);
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
