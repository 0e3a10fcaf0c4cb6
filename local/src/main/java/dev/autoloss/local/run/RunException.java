package dev.autoloss.local.run;

/** Why a run can't begin; the message is one line. */
public final class RunException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean users;

  RunException(String message, boolean users) {
    super(message);
    this.users = users;
  }

  /**
   * Says whose fault it is.
   *
   * @return true if the user's input is wrong
   */
  public boolean users() {
    return users;
  }
}
