package dev.autoloss.local.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A command as it ran in this process. */
record Ran(int code, String out, String err) {
  static Ran command(Object... arguments) {
    return reading("", arguments);
  }

  /** With a text on standard input. */
  static Ran reading(String input, Object... arguments) {
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    var outBytes = new ByteArrayOutputStream();
    var errBytes = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int code =
          AutolossCommand.run(
              Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
      return new Ran(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** The user's mistake, in one line. */
  void assertUsage(String line) {
    assertEquals("error: " + line, err.strip());
    assertEquals(2, code);
  }
}
