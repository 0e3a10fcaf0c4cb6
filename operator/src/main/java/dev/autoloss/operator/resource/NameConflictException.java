package dev.autoloss.operator.resource;

/** A child's name is taken by a resource that is not ours. */
public final class NameConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Tells of a taken name.
   *
   * @param kind kind of the child
   * @param name its name
   */
  public NameConflictException(String kind, String name) {
    super(kind + " " + name + " exists and is not ours: rename or delete it");
  }

  /**
   * What to tell a person.
   *
   * @return one sentence
   */
  public String line() {
    return String.valueOf(getMessage());
  }
}
