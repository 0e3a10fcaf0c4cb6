package dev.autoloss.local.run;

import dev.autoloss.api.Attempt;
import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.FunnelCounts;
import dev.autoloss.api.LossSearchStatus;
import dev.autoloss.api.TrainingState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Finds what has happened between two snapshots: each event once. */
final class EventFinder {
  private final Set<String> told = new HashSet<>();
  private boolean began;

  /** The events since the last call; the first call tells what an earlier run has left. */
  List<RunEvent> events(Snapshot now) {
    var events = new ArrayList<RunEvent>();
    for (DetectorTraining training : now.trainings()) {
      attempts(training, events);
      ended(now, training, events);
    }
    for (int generation = 1; generation <= now.generation(); generation++) {
      if (now.sealed(generation) && told.add("sealed " + generation)) {
        events.add(new RunEvent.Sealed(generation, now.best()));
      }
    }
    proposed(now, events);
    if (began) {
      return events;
    }
    began = true;
    return now.generation() > 0 || now.ended() > 0
        ? List.of(new RunEvent.Resumed(now.generation(), now.ended()))
        : events;
  }

  private void proposed(Snapshot now, List<RunEvent> events) {
    Optional<FunnelCounts> funnel = now.status().map(LossSearchStatus::funnel);
    if (funnel.isPresent() && now.generation() > 0 && told.add("proposed " + now.generation())) {
      int generations = now.spec().map(spec -> spec.evolution().generations()).orElse(0);
      events.add(new RunEvent.Proposed(now.generation(), generations, funnel.get()));
    }
  }

  private void attempts(DetectorTraining training, List<RunEvent> events) {
    String trial = Snapshot.trial(training);
    var status = Snapshot.status(training);
    List<Attempt> attempts =
        status
            .map(one -> Objects.requireNonNullElse(one.attempts(), List.<Attempt>of()))
            .orElse(List.of());
    for (Attempt attempt : attempts) {
      String end = attempt.end();
      if (end != null
          && !end.equals("Result")
          && told.add("attempt " + trial + " " + attempt.number())) {
        String message = Objects.requireNonNullElse(attempt.message(), "");
        events.add(new RunEvent.AttemptFailed(trial, attempt.number(), end, message));
      }
    }
    boolean runs = status.filter(one -> one.state() == TrainingState.RUNNING).isPresent();
    if (runs && told.add("started " + trial + " " + attempts.size())) {
      events.add(new RunEvent.Started(trial, training));
    }
  }

  private void ended(Snapshot now, DetectorTraining training, List<RunEvent> events) {
    String trial = Snapshot.trial(training);
    Snapshot.status(training)
        .filter(status -> status.outcome() != null)
        .filter(status -> told.add("ended " + trial))
        .ifPresent(
            status ->
                events.add(
                    new RunEvent.Ended(
                        trial,
                        Objects.requireNonNull(status.outcome()),
                        status,
                        comparable(trial) ? now.baseline() : OptionalDouble.empty())));
  }

  /** The default pair's AP is that of its proxy trainings. */
  private static boolean comparable(String trial) {
    return trial.contains("-p") && !trial.startsWith("g0-c0-");
  }
}
