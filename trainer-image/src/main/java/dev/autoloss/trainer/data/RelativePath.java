package dev.autoloss.trainer.data;

/** Paths that others wrote: they must not lead out of the folder that they are meant for. */
public final class RelativePath {
  private RelativePath() {}

  /**
   * Tells whether a path names something in the folder that it is resolved against.
   *
   * @param path with the separators of any system
   * @return false if it is absolute, climbs above its start or holds a zero character
   */
  public static boolean staysBelow(String path) {
    String slashed = path.replace('\\', '/');
    if (slashed.startsWith("/") || slashed.indexOf('\0') >= 0 || slashed.matches("[A-Za-z]:.*")) {
      return false;
    }
    int depth = 0;
    for (String part : slashed.split("/", -1)) {
      depth += "..".equals(part) ? -1 : ".".equals(part) || part.isEmpty() ? 0 : 1;
      if (depth < 0) {
        return false;
      }
    }
    return true;
  }
}
