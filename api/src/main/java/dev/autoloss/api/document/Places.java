package dev.autoloss.api.document;

import java.util.Map;

/**
 * Where the fields of a document stand in its file.
 *
 * @param source name of the file, as messages show it
 * @param lines line, from 1, by the field's path; the document itself by the empty path
 */
public record Places(String source, Map<String, Integer> lines) {
  /** Copies the map. */
  public Places {
    lines = Map.copyOf(lines);
  }

  /**
   * The line of a field, or of the nearest field around it that the file has.
   *
   * @param path for example {@code spec.seed}
   * @return from 1
   */
  public int line(String path) {
    String known = path;
    while (!lines.containsKey(known) && !known.isEmpty()) {
      known =
          known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
    }
    return lines.getOrDefault(known, 1);
  }

  /**
   * Writes a mistake as a user reads it.
   *
   * @param mistake what is wrong
   * @return {@code file:line: field: message}
   */
  public String show(Mistake mistake) {
    String field = mistake.path().isEmpty() ? "" : mistake.path() + ": ";
    return source + ":" + line(mistake.path()) + ": " + field + mistake.message();
  }
}
