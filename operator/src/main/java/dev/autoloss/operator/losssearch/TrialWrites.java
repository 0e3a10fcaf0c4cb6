package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.losssearch.StepResult.Halt;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.operator.resource.Refusal;
import dev.autoloss.operator.resource.RefusedException;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Trial;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a step does to the trainings of its search; each write may be the last before a crash. */
final class TrialWrites {
  /** So many are not made one after another; and at most so many side by side. */
  private static final int BURST = 4;

  private static final int AT_ONCE = 16;

  /** Releases of one step: what comes next does not wait behind hundreds of them. */
  private static final int RELEASES = AT_ONCE;

  private final LossSearch search;
  private final LossSearchSpec spec;
  private final SearchCluster cluster;
  private final Instant now;
  private final Trials trials;

  TrialWrites(LossSearch search, SearchCluster cluster, Instant now, Trials trials) {
    this.search = search;
    this.spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.cluster = cluster;
    this.now = now;
    this.trials = trials;
  }

  /** What came of making trainings. */
  record Made(List<Notice> notices, Optional<Halt> halt) {}

  /** Makes trainings for what is to be tried, as many as may be at work. */
  Made create(Ledger ledger, SearchSpec searchSpec) {
    List<Trial> unfinished = ledger.state().unfinished(searchSpec);
    var spending = new Spending(search, now);
    long atWork = unfinished.stream().filter(trial -> trials.all().containsKey(trial.id())).count();
    long free =
        Math.min(
            spec.trials().parallelism() - atWork,
            spending.budget().startable(spending.spent(ledger, trials)));
    List<Trial> due =
        unfinished.stream()
            .filter(trial -> !trials.all().containsKey(trial.id()))
            .limit(Math.max(0, free))
            .toList();
    var started = new ArrayList<String>();
    Optional<Halt> halt = Optional.empty();
    int atOnce = due.size() < BURST ? 1 : AT_ONCE;
    for (int next = 0; next < due.size() && halt.isEmpty(); next += atOnce) {
      // One that can't be made stops those behind it: theirs would say that it was taken away.
      List<Trial> some = due.subList(next, Math.min(due.size(), next + atOnce));
      halt = create(some, searchSpec);
      if (halt.isEmpty()) {
        some.forEach(trial -> started.add(trial.id().toString()));
      }
    }
    var notices = new ArrayList<Notice>();
    if (!started.isEmpty()) {
      notices.add(Notice.normal("TrialStarted", String.join(", ", started)));
    }
    halt.flatMap(TrialWrites::notice).ifPresent(notices::add);
    return new Made(notices, halt);
  }

  private Optional<Halt> create(List<Trial> some, SearchSpec searchSpec) {
    List<DetectorTraining> wanted =
        some.stream().map(trial -> TrainingSpecs.training(search, trial)).toList();
    if (some.size() > 1) {
      String before = trials.newest(searchSpec).map(TrialId::toString).orElse("");
      wanted.forEach(one -> one.getMetadata().getAnnotations().put(Labels.MADE_AFTER, before));
    }
    try {
      var stored = cluster.create(wanted);
      for (int i = 0; i < some.size(); i++) {
        if (!stored.get(i).created()
            && !Ownership.sameChild(stored.get(i).resource(), wanted.get(i), search)) {
          String name = wanted.get(i).getMetadata().getName();
          return Optional.of(conflict(new NameConflictException("DetectorTraining", name)));
        }
        trials.add(some.get(i).id(), stored.get(i).resource());
      }
      return Optional.empty();
    } catch (RefusedException refused) {
      return Optional.of(refused(refused));
    }
  }

  static Halt conflict(NameConflictException conflict) {
    return new Halt(SearchReason.NAME_CONFLICT, conflict.line());
  }

  static Halt refused(RefusedException refused) {
    return new Halt(refused.refusal().kind(), refused.refusal().line());
  }

  /** A namespace that is being deleted takes no events either. */
  static Optional<Notice> notice(Halt halt) {
    return halt.reason() == Refusal.Kind.NAMESPACE_TERMINATING
        ? Optional.empty()
        : Optional.of(Notice.warning(Conditions.camelCase(halt.reason()), halt.line()));
  }

  /** Lets go of what is recorded and removes what nobody needs; says when there may be more. */
  Optional<Instant> tidy(SearchState state, boolean keepsTrainings) {
    return Stream.of(release(state), keepsTrainings ? Optional.<Instant>empty() : remove(state))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** Recorded results need no finalizer any more. */
  private Optional<Instant> release(SearchState state) {
    var retention = new Retention(spec.trials(), now);
    var releases = new ArrayList<SearchCluster.Release>();
    trials
        .all()
        .forEach(
            (id, training) -> {
              Optional<TrialOutcome> outcome = state.outcome(id);
              if (outcome.isPresent()
                  && training.getMetadata().getFinalizers().contains(Labels.RESULT_FINALIZER)) {
                releases.add(
                    new SearchCluster.Release(training, retention.jobsExpire(outcome.get())));
              }
            });
    if (!releases.isEmpty()) {
      cluster.release(releases.subList(0, Math.min(RELEASES, releases.size())));
    }
    return releases.size() > RELEASES ? Optional.of(now) : Optional.empty();
  }

  private Optional<Instant> remove(SearchState state) {
    var removal = new Retention(spec.trials(), now).removal(trials.all(), state);
    if (!removal.now().isEmpty()) {
      cluster.remove(removal.now());
    }
    return removal.next();
  }

  /** Tells unfinished trainings whether they may start attempts. */
  void hold(SearchState state) {
    Optional<String> policy =
        spec.suspend()
            ? Optional.of(
                switch (spec.suspendPolicy()) {
                  case DRAIN -> "Drain";
                  case STOP -> "Stop";
                })
            : Optional.empty();
    trials
        .all()
        .forEach(
            (id, training) -> {
              if (state.outcome(id).isEmpty()
                  && !Ownership.annotation(training, Labels.HOLD).equals(policy)) {
                cluster.hold(training, policy);
              }
            });
  }
}
