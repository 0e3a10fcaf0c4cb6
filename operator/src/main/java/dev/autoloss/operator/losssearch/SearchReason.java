package dev.autoloss.operator.losssearch;

/** Reasons in the conditions of a LossSearch. */
public enum SearchReason {
  /** The spec makes sense. */
  SPEC_VALID,
  /** The spec does not make sense. */
  INVALID_SPEC,
  /** The owner has suspended the search. */
  SUSPEND_REQUESTED,
  /** The owner lets the search run. */
  NOT_SUSPENDED,
  /** Trials are at work. */
  TRIALS_AT_WORK,
  /** No trial is at work. */
  NO_TRIAL_AT_WORK,
  /** A name that the search needs is taken by a resource that is not ours. */
  NAME_CONFLICT,
  /** The operator or the API server fails, and that stays; no candidate is to blame. */
  OPERATOR_ERROR,
  /** The chain of segments is whole. */
  LEDGER_VERIFIED,
  /** The chain of segments can't be trusted: the search stands until somebody has mended it. */
  LEDGER_DAMAGED,
  /** A newer version of the operator has gone on with the search, and this one can't. */
  NEWER_VERSION,
  /** All generations are sealed. */
  GENERATIONS_SEALED,
  /** The newest generations brought no better candidate. */
  NO_IMPROVEMENT,
  /** The budget is spent; with a larger one the search goes on. */
  BUDGET_SPENT,
  /** A trial's document or data is wrong. */
  TRIAL_INVALID,
  /** A trial read other data than the ones before it. */
  DATASET_CHANGED,
  /** A trial ran another image than the ones before it. */
  IMAGE_CHANGED,
  /** No candidate passed the gates. */
  SPACE_EXHAUSTED,
  /** More trials were lost than are borne. */
  TOO_MANY_LOST,
  /** No trial of a generation brought a score. */
  NOTHING_TRAINED
}
