package dev.autoloss.search;

import dev.autoloss.loss.gate.Gate;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many losses of a generation fell at each step of the screening.
 *
 * @param generated pairs made
 * @param duplicates pairs that were made before or, as their gradients show, train like a candidate
 *     that was proposed before
 * @param rejected pairs that a gate rejected, by gate; each counts once, at its first gate
 * @param accepted pairs that passed all gates
 * @param trained pairs that are trained
 */
public record Funnel(
    int generated, int duplicates, Map<Gate, Integer> rejected, int accepted, int trained) {
  /** Sorts the gates. */
  public Funnel {
    SortedMap<Gate, Integer> sorted = new TreeMap<>(rejected);
    rejected = java.util.Collections.unmodifiableSortedMap(sorted);
  }
}
