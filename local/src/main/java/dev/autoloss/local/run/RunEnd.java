package dev.autoloss.local.run;

/**
 * How a run ended.
 *
 * @param exitCode 0 done, 1 failed, 2 the user's input is wrong
 * @param message why it failed; empty if it did not
 */
public record RunEnd(int exitCode, String message) {
  static final int FAILURE = 1;
  static final int USAGE = 2;
  static final RunEnd DONE = new RunEnd(0, "");
}
