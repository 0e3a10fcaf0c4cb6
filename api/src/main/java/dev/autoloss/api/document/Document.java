package dev.autoloss.api.document;

import dev.autoloss.api.DetectorTraining;
import dev.autoloss.api.LossSearch;

/** A resource that was read from a file, checked, its defaults applied. */
public sealed interface Document {
  /**
   * Where its fields stand in the file.
   *
   * @return the places
   */
  Places places();

  /**
   * A search.
   *
   * @param resource with name, and spec with its defaults
   * @param places where its fields stand
   */
  record Search(LossSearch resource, Places places) implements Document {}

  /**
   * A training.
   *
   * @param resource with name, and spec with its defaults
   * @param places where its fields stand
   */
  record Training(DetectorTraining resource, Places places) implements Document {}
}
