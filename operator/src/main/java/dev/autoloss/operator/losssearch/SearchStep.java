package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.losssearch.StepResult.Halt;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.operator.resource.RefusedException;
import dev.autoloss.search.Search;
import dev.autoloss.search.SearchEvent;
import dev.autoloss.search.SearchSpec;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.Trial;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One step of a search: results into the ledger, the decisions that follow from them, trainings for
 * what is to be tried. Each of its writes may be the last before a crash, and the next step goes on
 * from there.
 */
final class SearchStep {
  private final LossSearch search;
  private final LossSearchSpec spec;
  private final SearchCluster cluster;
  private final boolean keepsTrainings;
  private final Instant now;
  private final List<Notice> notices = new ArrayList<>();

  /**
   * Makes a step.
   *
   * @param keepsTrainings whether trainings of past generations stay whatever the policy
   */
  SearchStep(LossSearch search, SearchCluster cluster, boolean keepsTrainings, Instant now) {
    this.search = search;
    this.spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.cluster = cluster;
    this.keepsTrainings = keepsTrainings;
    this.now = now;
  }

  /**
   * What a step sees in the caches.
   *
   * @param segments segments of the ledger
   * @param trainings trainings of the search
   * @param known the newest ledger that this operator has read or written
   */
  record Sight(
      List<ControllerRevision> segments, Collection<DetectorTraining> trainings, Ledger known) {}

  /** Takes the step; what it throws is tried again. */
  StepResult take(Sight sight) {
    SearchSpec searchSpec;
    try {
      searchSpec = SearchSpecs.of(search);
    } catch (InvalidSpecException invalid) {
      notices.add(Notice.warning("InvalidSpec", invalid.lines().getFirst()));
      return new StepResult.Invalid(invalid.lines(), notices);
    }
    try {
      return take(sight, searchSpec, new Trials(search, sight.trainings()));
    } catch (DamagedLedgerException damaged) {
      notices.add(
          Notice.warning(damaged.newer() ? "NewerVersion" : "LedgerDamaged", damaged.line()));
      return new StepResult.Damaged(
          damaged.newer() ? SearchReason.NEWER_VERSION : SearchReason.LEDGER_DAMAGED,
          damaged.line(),
          notices);
    } catch (RefusedException refused) {
      return refused(TrialWrites.refused(refused));
    } catch (NameConflictException conflict) {
      return refused(TrialWrites.conflict(conflict));
    }
  }

  private StepResult refused(Halt halt) {
    return new StepResult.Refused(halt, TrialWrites.notice(halt).stream().toList());
  }

  private StepResult take(Sight sight, SearchSpec searchSpec, Trials trials)
      throws DamagedLedgerException {
    var writer = new LedgerWriter(search, searchSpec.classification(), cluster);
    Ledger before = writer.read(sight.segments(), sight.known());
    if (before.links().isEmpty() && !trials.isEmpty()) {
      throw new DamagedLedgerException("segment 1: missing, trainings of this search exist");
    }
    List<SearchEvent> events = decide(before, searchSpec, trials);
    Ledger ledger =
        writer.append(
            before,
            events,
            trial -> Optional.ofNullable(trials.all().get(trial)).map(Spending::run));
    SearchState state = ledger.state();
    notices.addAll(Story.of(events));
    Optional<Halt> failure = failure(ledger, trials);
    boolean goesOn = failure.isEmpty() && state.failure().isEmpty();
    var writes = new TrialWrites(search, cluster, now, trials);
    writes.hold(state);
    Optional<Halt> halt = Optional.empty();
    if (goesOn && !spec.suspend()) {
      var made = writes.create(ledger, searchSpec);
      notices.addAll(made.notices());
      halt = made.halt();
    }
    Optional<Instant> ahead = writes.tidy(state, keepsTrainings);
    return new StepResult.Taken(
        ledger,
        searchSpec,
        trials,
        events,
        failure,
        halt,
        exhausted(trials, ledger, searchSpec),
        ahead,
        notices);
  }

  /** Results that can't be compared with the ones before are recorded, and nothing follows. */
  private List<SearchEvent> decide(Ledger before, SearchSpec searchSpec, Trials trials) {
    Map<TrialId, TrialOutcome> results = results(before.state(), searchSpec, trials);
    results.keySet().removeIf(trial -> before.state().outcome(trial).isPresent());
    var provenance = new Provenance(before.runs());
    results
        .keySet()
        .forEach(
            trial ->
                Optional.ofNullable(trials.all().get(trial))
                    .ifPresent(training -> provenance.add(trial, Spending.run(training))));
    if (provenance.change().isEmpty()) {
      return Search.advance(searchSpec, before.state(), results).events();
    }
    var recorded = new ArrayList<SearchEvent>();
    results.forEach((trial, outcome) -> recorded.add(new SearchEvent.Recorded(trial, outcome)));
    return recorded;
  }

  private Optional<Halt> failure(Ledger ledger, Trials trials) {
    return new Provenance(ledger.runs())
        .change()
        .map(change -> new Halt(change.reason(), change.line()))
        .or(
            () ->
                trials
                    .invalid()
                    .or(this::earlierFailure)
                    .map(line -> new Halt(SearchReason.TRIAL_INVALID, line)));
  }

  /** Trainings at work may end, and what they leave belongs to the search. */
  private Optional<String> exhausted(Trials trials, Ledger ledger, SearchSpec searchSpec) {
    List<Trial> unfinished = ledger.state().unfinished(searchSpec);
    boolean idle =
        !unfinished.isEmpty()
            && unfinished.stream().noneMatch(trial -> trials.all().containsKey(trial.id()));
    var spending = new Spending(search, now);
    return idle ? spending.budget().exhausted(spending.spent(ledger, trials)) : Optional.empty();
  }

  /** A search that a wrong trial has stopped stays so, whatever becomes of that trial. */
  private Optional<String> earlierFailure() {
    return StatusProjection.condition(search, StatusProjection.FAILED)
        .filter(failed -> "True".equals(failed.getStatus()))
        .filter(failed -> "TrialInvalid".equals(failed.getReason()))
        .map(failed -> failed.getMessage());
  }

  private Map<TrialId, TrialOutcome> results(
      SearchState state, SearchSpec searchSpec, Trials trials) {
    for (Trial trial : trials.vanished(state, searchSpec)) {
      // The cache may lag: only the API server knows that a training is gone.
      cluster
          .training(TrainingSpecs.name(search, trial.id()))
          .filter(training -> Ownership.controls(search, training))
          .ifPresent(training -> trials.add(trial.id(), training));
    }
    var results = new TreeMap<>(trials.results());
    trials
        .vanished(state, searchSpec)
        .forEach(trial -> results.put(trial.id(), new TrialOutcome.Skipped()));
    return results;
  }
}
