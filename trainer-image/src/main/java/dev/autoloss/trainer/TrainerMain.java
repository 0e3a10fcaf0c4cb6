package dev.autoloss.trainer;

import dev.autoloss.trainer.command.TrainerCommand;

/** The trainer as a program: trains a detector, evaluates detections, generates data. */
public final class TrainerMain {
  private TrainerMain() {}

  /**
   * Runs a command and ends the process.
   *
   * @param arguments the command and its options; see {@code --help}
   */
  public static void main(String[] arguments) {
    System.setProperty("java.awt.headless", "true");
    System.exit(TrainerCommand.run(arguments));
  }
}
