package dev.autoloss.search;

import java.util.Comparator;

/**
 * The name of a trial, written {@code <candidate>-p<replicate>}, for example {@code g1-c3-p0}.
 *
 * @param candidate what is trained
 * @param replicate which of its trainings, from 0
 */
public record TrialId(CandidateId candidate, int replicate) implements Comparable<TrialId> {
  private static final Comparator<TrialId> ORDER =
      Comparator.comparing(TrialId::candidate).thenComparingInt(TrialId::replicate);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public TrialId {
    if (replicate < 0) {
      throw new IllegalArgumentException("replicate " + replicate + " of " + candidate);
    }
  }

  /**
   * Reads a name.
   *
   * @param text for example {@code g1-c3-p0}
   * @return the id
   * @throws IllegalArgumentException if the text has another form
   */
  public static TrialId parse(String text) {
    int end = text.lastIndexOf("-p");
    if (end < 0 || !text.substring(end + 2).matches("0|[1-9]\\d{0,6}")) {
      throw new IllegalArgumentException(
          "expected g<generation>-c<slot>-p<replicate>, found " + text);
    }
    return new TrialId(
        CandidateId.parse(text.substring(0, end)), Integer.parseInt(text.substring(end + 2)));
  }

  @Override
  public int compareTo(TrialId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return candidate + "-p" + replicate;
  }
}
