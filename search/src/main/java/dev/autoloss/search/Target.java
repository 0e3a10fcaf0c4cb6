package dev.autoloss.search;

/** A branch of the detector whose loss is searched. */
public enum Target {
  /** The class scores. */
  CLASSIFICATION,
  /** The boxes. */
  REGRESSION
}
