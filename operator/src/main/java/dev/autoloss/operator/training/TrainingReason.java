package dev.autoloss.operator.training;

/** Reasons in the conditions of a DetectorTraining, and of the ends of its attempts. */
enum TrainingReason {
  // Of a condition alone.
  POD_RUNNING,
  AWAITING_RESULT,
  HELD,
  SCORED,
  DIVERGED,
  REJECTED,
  LOST,
  INVALID_DOCUMENT,
  INVALID_DATA,
  NAME_CONFLICT,
  OPERATOR_ERROR,
  OUTCOME_STANDS,
  NO_OUTCOME,
  // Why no trainer runs yet, and why an attempt was given up that never ran.
  WAITING_FOR_POD,
  QUEUED,
  NOT_ADMITTED,
  QUEUE_MISSING,
  UNSCHEDULABLE,
  IMAGE_PULL,
  CONTAINER_CONFIG,
  NO_POD,
  // How an attempt ended.
  DISRUPTED,
  NODE_LOST,
  POD_FAILED,
  POD_VANISHED,
  JOB_DELETED,
  OUT_OF_MEMORY,
  ACCELERATOR_MEMORY,
  CONTAINER_NOT_STARTED,
  CRASHED,
  INVALID_RESULT,
  RAN_TOO_LONG,
  NO_MESSAGE,
  SIGNALLED
}
