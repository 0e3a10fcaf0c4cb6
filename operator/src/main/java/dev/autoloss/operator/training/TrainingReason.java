package dev.autoloss.operator.training;

/** Reasons in the conditions of a DetectorTraining. */
enum TrainingReason {
  WAITING_FOR_POD,
  POD_RUNNING,
  AWAITING_RESULT,
  HELD,
  STARTING,
  SCORED,
  DIVERGED,
  REJECTED,
  LOST,
  INVALID_DOCUMENT,
  INVALID_DATA,
  NAME_CONFLICT,
  OUTCOME_STANDS,
  NO_OUTCOME
}
