package dev.autoloss.operator.resource;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** An error of the operator's own, or of the API server, in words for who runs the operator. */
public final class OperatorError {
  private static final int LONGEST = 600;

  private OperatorError() {}

  /**
   * Tells of an error that does not pass.
   *
   * @param error what a reconciliation has thrown
   * @return one line: what happened, that nobody else is to blame, and where to look
   */
  public static String line(Exception error) {
    String words = String.valueOf(error.getMessage()).replaceAll("\\s+", " ").strip();
    String shortened = words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    String who =
        error instanceof KubernetesClientException
            ? "the API server answered: "
            : "the operator failed: " + error.getClass().getSimpleName() + ": ";
    return who
        + shortened
        + "; it is tried again, see the operator's log: kubectl logs -l"
        + " app.kubernetes.io/name=autoloss";
  }
}
