package dev.autoloss.local.run;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The terminal, if there is one. */
public final class Terminal {
  private static final int DEFAULT_WIDTH = 100;

  private Terminal() {}

  /**
   * Says whether a person looks at stdout.
   *
   * @return true if stdout is a terminal that can be redrawn
   */
  public static boolean isThere() {
    String kind = System.getenv().getOrDefault("TERM", "dumb");
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && !kind.equals("dumb");
  }

  /** Columns of the terminal, or a usual number where it can't be asked. */
  static int width() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      String[] words = answer.strip().split(" ", -1);
      int columns = words.length == 2 ? Integer.parseInt(words[1]) : 0;
      return columns > 0 ? columns : DEFAULT_WIDTH;
    } catch (IOException | NumberFormatException none) {
      return DEFAULT_WIDTH;
    }
  }
}
