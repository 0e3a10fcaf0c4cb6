package dev.autoloss.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What takes too long for every build and belongs to {@code e2e/run} only. */
public final class WholeSuite {
  private WholeSuite() {}

  /** Says whether this is a run of the whole suite. */
  public static boolean runs() {
    return "whole".equals(System.getenv("AUTOLOSS_E2E"));
  }

  /** Skips the test, with the reason, in a run of another one. */
  public static void orSkip() {
    assumeTrue(runs(), "takes minutes: a part of e2e/run only");
  }
}
