package dev.autoloss.loss.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that somebody may have meant by an unknown one. */
public final class NearestName {
  /** Longer names are not compared: what is known is shorter. */
  private static final int LONGEST = 32;

  /** Edits, as a share of the longer name's letters, from which names have nothing in common. */
  private static final double FARTHEST = 0.6;

  private NearestName() {}

  /**
   * Finds the known name with the fewest edits (Levenshtein: a letter put in, left out or replaced)
   * between it and the unknown one, whatever the case.
   *
   * @param unknown what was written
   * @param known the names to choose from
   * @return the first of the nearest names; empty if more than about half of the letters would
   *     change, or the unknown name has more than {@value #LONGEST}
   */
  public static Optional<String> of(String unknown, Collection<String> known) {
    if (unknown.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .filter(name -> distance(unknown, name) < FARTHEST * length(unknown, name))
        .min(Comparator.comparingInt(name -> distance(unknown, name)));
  }

  private static int length(String one, String other) {
    return Math.max(one.length(), other.length());
  }

  /** Levenshtein distance without regard to case. */
  static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
