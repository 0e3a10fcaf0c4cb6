package dev.autoloss.search;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a candidate, written {@code g<generation>-c<slot>}, for example {@code g1-c3}.
 *
 * @param generation 0 for the baseline, else from 1
 * @param slot place in the generation, from 0
 */
public record CandidateId(int generation, int slot) implements Comparable<CandidateId> {
  /** The largest generation, slot and replicate that a name holds. */
  static final int MOST = 9_999_999;

  private static final Pattern FORM = Pattern.compile("g(0|[1-9]\\d{0,6})-c(0|[1-9]\\d{0,6})");

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public CandidateId {
    if (generation < 0 || slot < 0) {
      throw new IllegalArgumentException("generation " + generation + ", slot " + slot);
    }
  }

  /**
   * Reads a name.
   *
   * @param text for example {@code g1-c3}
   * @return the id
   * @throws IllegalArgumentException if the text has another form
   */
  public static CandidateId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected g<generation>-c<slot>, found " + text);
    }
    return new CandidateId(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Spread: a record's own is the same for many pairs of small numbers. */
  @Override
  public int hashCode() {
    return generation * 0x9E3779B1 + slot;
  }

  @Override
  public int compareTo(CandidateId other) {
    // Without a comparator's boxes: all maps of a search are in this order.
    int order = Integer.compare(generation, other.generation);
    return order != 0 ? order : Integer.compare(slot, other.slot);
  }

  @Override
  public String toString() {
    return "g" + generation + "-c" + slot;
  }
}
