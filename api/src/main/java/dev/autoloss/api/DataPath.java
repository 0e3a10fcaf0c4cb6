package dev.autoloss.api;

import java.util.regex.Pattern;

/** Paths of a document: they stay inside the data, wherever it is mounted. */
public final class DataPath {
  /** Found in a path that leaves the data: a root, or a step upwards. RE2 reads it as Java does. */
  public static final String OUTSIDE = "^/|(^|/)[.][.](/|$)";

  static final String RULE = "!self.matches('" + OUTSIDE + "')";
  static final String MESSAGE = "expected a path inside of the data: not from the root, without ..";

  private static final Pattern LEAVES = Pattern.compile(OUTSIDE);

  private DataPath() {}

  /**
   * Says whether a path stays inside the data.
   *
   * @param path as a user writes it
   * @return false if it begins at the root or steps upwards
   */
  public static boolean isInside(String path) {
    return !LEAVES.matcher(path).find();
  }
}
