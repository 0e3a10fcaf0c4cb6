package dev.autoloss.e2e.faults;

/** A request of the operator's. */
public record Call(String method, String path, String query) {
  /** Says whether it changes anything; events are not counted. */
  public boolean write() {
    return !"GET".equals(method) && !path.endsWith("/events");
  }

  boolean watch() {
    return "GET".equals(method) && query.contains("watch=true");
  }

  /** A read of a whole collection. */
  boolean list() {
    return "GET".equals(method) && !watch() && (plural("jobs") || plural("pods") || ours());
  }

  private boolean ours() {
    return plural("losssearches") || plural("detectortrainings") || plural("controllerrevisions");
  }

  private boolean plural(String name) {
    return path.endsWith("/" + name);
  }

  /** Says whether it is about a kind of object. */
  public boolean about(String plural) {
    return path.contains("/" + plural);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
