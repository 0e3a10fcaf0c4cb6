package dev.autoloss.operator.losssearch;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.JobRetention;
import dev.autoloss.api.Trials;
import dev.autoloss.operator.resource.Conditions;
import dev.autoloss.operator.resource.Labels;
import dev.autoloss.operator.resource.Ownership;
import dev.autoloss.search.CandidateId;
import dev.autoloss.search.SearchState;
import dev.autoloss.search.TrialId;
import dev.autoloss.search.TrialOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which Jobs and DetectorTrainings may go once their result is in the ledger.
 *
 * <p>Trainings go when their generation is sealed. Those of the default pair, of controls, of the
 * best candidates, of the newest parents and of the stages after the evolution stay whatever the
 * policy: reports and the verdict are made from them.
 */
final class Retention {
  /** So many best candidates keep their trainings. */
  private static final int BEST = 5;

  /** Removals of one step; more wait for the next. */
  private static final int AT_ONCE = 50;

  private final Trials policy;
  private final Instant now;

  Retention(Trials policy, Instant now) {
    this.policy = policy;
    this.now = now;
  }

  /**
   * What may go.
   *
   * @param now trainings to be removed
   * @param next when there may be more; empty if time alone changes nothing
   */
  record Removal(List<DetectorTraining> now, Optional<Instant> next) {}

  /** When the Jobs of a trial may go that was recorded now; empty if they are kept. */
  Optional<Instant> jobsExpire(TrialOutcome outcome) {
    return kept(outcome)
        ? Optional.empty()
        : Optional.of(now.plusSeconds(policy.ttlSecondsAfterRecorded()));
  }

  private boolean kept(TrialOutcome outcome) {
    JobRetention retain = policy.retain();
    return switch (retain) {
      case ALL -> true;
      case FAILED -> !(outcome instanceof TrialOutcome.Scored);
      case NOTHING -> false;
    };
  }

  /** Trainings of past generations that nobody needs. */
  Removal removal(Map<TrialId, DetectorTraining> trainings, SearchState state) {
    Set<CandidateId> needed = needed(state);
    var gone = new ArrayList<DetectorTraining>();
    Optional<Instant> next = Optional.empty();
    for (var entry : trainings.entrySet()) {
      TrialId trial = entry.getKey();
      Optional<Instant> expiry =
          past(trial, state) && !needed.contains(trial.candidate())
              ? expiry(entry.getValue(), state.outcome(trial))
              : Optional.empty();
      if (expiry.isPresent()) {
        boolean due = !now.isBefore(expiry.get());
        if (due && gone.size() < AT_ONCE) {
          gone.add(entry.getValue());
        } else {
          Instant later = due ? now.plusSeconds(1) : expiry.get();
          next = next.filter(sooner -> sooner.isBefore(later)).or(() -> Optional.of(later));
        }
      }
    }
    return new Removal(gone, next);
  }

  /** The default pair and the controls are of generation 0. */
  private static boolean past(TrialId trial, SearchState state) {
    int generation = trial.candidate().generation();
    return generation > 0
        && !trial.stage().afterEvolution()
        && state.survivors().containsKey(generation);
  }

  private static Set<CandidateId> needed(SearchState state) {
    var needed = new HashSet<CandidateId>();
    state.ranking().stream().filter(id -> id.generation() > 0).limit(BEST).forEach(needed::add);
    state.chosen().values().forEach(needed::addAll);
    if (!state.survivors().isEmpty()) {
      needed.addAll(state.survivors().lastEntry().getValue());
    }
    return needed;
  }

  private Optional<Instant> expiry(DetectorTraining training, Optional<TrialOutcome> outcome) {
    boolean recorded =
        outcome.isPresent()
            && !training.getMetadata().getFinalizers().contains(Labels.RESULT_FINALIZER);
    return recorded && !kept(outcome.get()) && training.getMetadata().getDeletionTimestamp() == null
        ? Ownership.annotation(training, Labels.JOBS_EXPIRE).flatMap(Conditions::time)
        : Optional.empty();
  }
}
