package dev.autoloss.search.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * Many candidates are trained once, few of them often: after each replicate the best part of those
 * that had it gets the next one. One score tells little, so a race keeps a good part.
 *
 * @param keep part of a field that goes on to the next replicate, above 0 and at most 1
 * @param replicates most replicates of a candidate, at least 1
 */
public record Racing(double keep, int replicates) {
  /** A part of a field that is a whole number but for rounding is that number. */
  private static final double ROUNDING = 1e-9;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if they are out of their ranges
   */
  public Racing {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException("keep: expected above 0 and at most 1, found " + keep);
    }
    if (replicates < 1) {
      throw new IllegalArgumentException("replicates: expected at least 1, found " + replicates);
    }
  }

  /**
   * Decides who gets the next replicate.
   *
   * @param <C> how candidates are named
   * @param field fitness of each candidate that had the last replicate, over all its replicates; of
   *     equals, who comes first in the map goes first; empty for one without fitness, which never
   *     goes on
   * @return best first: the kept part of the field rounded up, fewer if fewer have a fitness
   */
  public <C> List<C> advancing(SequencedMap<C, OptionalDouble> field) {
    var fit = new ArrayList<Map.Entry<C, Double>>();
    field.forEach(
        (candidate, fitness) -> fitness.ifPresent(value -> fit.add(Map.entry(candidate, value))));
    fit.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    return fit.stream().limit(kept(field.size())).map(Map.Entry::getKey).toList();
  }

  /**
   * How many candidates have each replicate, if all have a fitness.
   *
   * @param candidates that are trained once, at least 0
   * @return one number a replicate, from the first
   */
  public List<Integer> fields(int candidates) {
    var fields = new ArrayList<Integer>();
    int field = candidates;
    for (int replicate = 0; replicate < replicates; replicate++) {
      fields.add(field);
      field = kept(field);
    }
    return List.copyOf(fields);
  }

  private int kept(int field) {
    return (int) Math.ceil(keep * field - ROUNDING);
  }
}
