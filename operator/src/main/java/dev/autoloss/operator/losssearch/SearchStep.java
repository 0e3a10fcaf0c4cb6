package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.JobRetention;
import dev.autoloss.api.LossSearch;
import dev.autoloss.api.LossSearchSpec;
import dev.autoloss.operator.ledger.DamagedLedgerException;
import dev.autoloss.operator.ledger.Ledger;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.NameConflictException;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.operator.resource.Recorder.Notice;
import dev.autoloss.search.Advance;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One step of a search: results into the ledger, the decisions that follow from them, trainings for
 * what is to be tried. Each of its writes may be the last before a crash, and the next step goes on
 * from there.
 */
final class SearchStep {
  private final LossSearch search;
  private final LossSearchSpec spec;
  private final SearchCluster cluster;
  private final Instant now;
  private final List<Notice> notices = new ArrayList<>();
  private Optional<String> conflict = Optional.empty();

  SearchStep(LossSearch search, SearchCluster cluster, Instant now) {
    this.search = search;
    this.spec = Objects.requireNonNull(search.getSpec(), "spec");
    this.cluster = cluster;
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
    var trials = new Trials(search, sight.trainings());
    try {
      return take(sight, searchSpec, trials);
    } catch (DamagedLedgerException damaged) {
      notices.add(Notice.warning("LedgerDamaged", damaged.line()));
      return new StepResult.Damaged(damaged.line(), notices);
    }
  }

  private StepResult take(Sight sight, SearchSpec searchSpec, Trials trials)
      throws DamagedLedgerException {
    var writer = new LedgerWriter(search, searchSpec.classification(), cluster);
    Ledger before = writer.read(sight.segments(), sight.known());
    if (before.links().isEmpty() && !trials.isEmpty()) {
      throw new DamagedLedgerException("segment 1: missing, trainings of this search exist");
    }
    Map<TrialId, TrialOutcome> results = results(before.state(), searchSpec, trials);
    Advance advance = Search.advance(searchSpec, before.state(), results);
    Ledger ledger = writer.append(before, advance.events());
    SearchState state = ledger.state();
    tell(advance.events());
    Optional<String> invalid = trials.invalid().or(this::earlierFailure);
    boolean goesOn = invalid.isEmpty() && state.failure().isEmpty();
    hold(trials, state);
    if (goesOn && !spec.suspend()) {
      create(trials, state, searchSpec);
    }
    release(trials, state);
    return new StepResult.Taken(
        ledger,
        searchSpec,
        trials,
        advance.events(),
        invalid,
        conflict,
        exhausted(trials, state, searchSpec),
        notices);
  }

  /** Trainings at work may end, and what they leave belongs to the search. */
  private Optional<String> exhausted(Trials trials, SearchState state, SearchSpec searchSpec) {
    List<Trial> unfinished = state.unfinished(searchSpec);
    boolean idle =
        !unfinished.isEmpty()
            && unfinished.stream().noneMatch(trial -> trials.all().containsKey(trial.id()));
    var spending = new Spending(search, now);
    return idle ? spending.budget().exhausted(spending.spent(state, trials)) : Optional.empty();
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
    var results = new HashMap<>(trials.results());
    trials
        .vanished(state, searchSpec)
        .forEach(trial -> results.put(trial.id(), new TrialOutcome.Skipped()));
    return results;
  }

  private void create(Trials trials, SearchState state, SearchSpec searchSpec) {
    List<Trial> unfinished = state.unfinished(searchSpec);
    var spending = new Spending(search, now);
    long atWork = unfinished.stream().filter(trial -> trials.all().containsKey(trial.id())).count();
    long free =
        Math.min(
            spec.trials().parallelism() - atWork,
            spending.budget().startable(spending.spent(state, trials)));
    for (Trial trial : unfinished) {
      if (trials.all().containsKey(trial.id())) {
        continue;
      }
      if (free <= 0) {
        return;
      }
      DetectorTraining training = TrainingSpecs.training(search, trial);
      var stored = cluster.create(training);
      if (!stored.created() && !Ownership.sameChild(stored.resource(), training, search)) {
        // Later trials wait: their trainings would say that this one was made and taken away.
        String line =
            new NameConflictException("DetectorTraining", training.getMetadata().getName()).line();
        conflict = Optional.of(line);
        notices.add(Notice.warning("NameConflict", line));
        return;
      }
      trials.add(trial.id(), stored.resource());
      notices.add(
          Notice.normal(
              "TrialStarted",
              trial.id() + ": DetectorTraining " + training.getMetadata().getName()));
      free--;
    }
  }

  /** Recorded results need no finalizer any more. */
  private void release(Trials trials, SearchState state) {
    var releases = new ArrayList<SearchCluster.Release>();
    trials
        .all()
        .forEach(
            (id, training) -> {
              Optional<TrialOutcome> outcome = state.outcome(id);
              if (outcome.isPresent()
                  && training.getMetadata().getFinalizers().contains(Labels.RESULT_FINALIZER)) {
                releases.add(new SearchCluster.Release(training, jobsExpire(outcome.get())));
              }
            });
    if (!releases.isEmpty()) {
      cluster.release(releases);
    }
  }

  private Optional<Instant> jobsExpire(TrialOutcome outcome) {
    JobRetention retain = spec.trials().retain();
    boolean kept =
        switch (retain) {
          case ALL -> true;
          case FAILED -> !(outcome instanceof TrialOutcome.Scored);
          case NOTHING -> false;
        };
    return kept
        ? Optional.empty()
        : Optional.of(now.plusSeconds(spec.trials().ttlSecondsAfterRecorded()));
  }

  /** Tells unfinished trainings whether they may start attempts. */
  private void hold(Trials trials, SearchState state) {
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

  private void tell(List<SearchEvent> events) {
    for (SearchEvent event : events) {
      switch (event) {
        case SearchEvent.Proposed proposed ->
            notices.add(
                Notice.normal(
                    "GenerationProposed",
                    "Generation "
                        + proposed.generation()
                        + ": "
                        + proposed.candidates().size()
                        + " candidates of "
                        + proposed.funnel().generated()
                        + " generated"));
        case SearchEvent.Recorded recorded ->
            notices.add(
                Notice.normal("ResultRecorded", recorded.trial() + ": " + recorded.outcome()));
        case SearchEvent.Promoted promoted ->
            notices.add(
                Notice.normal(
                    "CandidatesPromoted",
                    "Generation %d: %d candidates are trained %d times"
                        .formatted(
                            promoted.generation(),
                            promoted.candidates().size(),
                            promoted.replicates())));
        case SearchEvent.Chosen chosen ->
            notices.add(
                Notice.normal(
                    "FinalistsChosen", chosen.stage() + ": candidates " + chosen.candidates()));
        case SearchEvent.Sealed sealed ->
            notices.add(
                Notice.normal(
                    "GenerationSealed",
                    "Generation " + sealed.generation() + ": survivors " + sealed.survivors()));
        case SearchEvent.Failed failed ->
            notices.add(Notice.warning("SearchFailed", failed.message()));
      }
    }
  }
}
