package dev.autoloss.local;

import dev.autoloss.local.command.AutolossCommand;

/** The {@code autoloss} program. */
public final class Autoloss {
  private Autoloss() {}

  /**
   * Runs a command and ends the process: 0 done, 1 failed, 2 wrong usage or input.
   *
   * @param arguments the command and its options; see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(AutolossCommand.run(arguments));
  }
}
