package dev.autoloss.local.job;

import java.time.Instant;

/** How a trainer's process ended, as a kubelet tells of a container. */
record ProcessEnd(int exitCode, String reason, String message, Instant started, Instant finished) {
  /** What a kubelet says of a container that it could not start. */
  private static final int NOT_STARTED = 128;

  static ProcessEnd notStarted(String message, Instant now) {
    return new ProcessEnd(NOT_STARTED, "StartError", message, now, now);
  }

  static ProcessEnd of(int exitCode, String message, Instant started, Instant finished) {
    String reason = exitCode == 0 ? "Completed" : "Error";
    return new ProcessEnd(exitCode, reason, message, started, finished);
  }
}
