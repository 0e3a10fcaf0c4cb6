package dev.autoloss.local.run;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.DetectorTrainingStatus;
import dev.autoloss.api.FunnelCounts;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Score;
import java.util.Optional;
import java.util.OptionalDouble;

/** Something that happened in a run, as a user is told of it. */
sealed interface RunEvent {
  /** The run goes on from an earlier one. */
  record Resumed(int generation, long ended) implements RunEvent {}

  /** A generation was proposed. */
  record Proposed(int generation, int generations, FunnelCounts funnel) implements RunEvent {}

  /** A trainer has started. */
  record Started(String trial, DetectorTraining training) implements RunEvent {}

  /** An attempt brought no result. */
  record AttemptFailed(String trial, int attempt, String end, String message) implements RunEvent {}

  /** A trial has its outcome. */
  record Ended(
      String trial, Outcome outcome, DetectorTrainingStatus status, OptionalDouble baseline)
      implements RunEvent {}

  /** A generation is sealed. */
  record Sealed(int generation, Optional<Score> best) implements RunEvent {}
}
