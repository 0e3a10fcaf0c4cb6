package dev.autoloss.operator.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Parts of a document that are generated, between {@code <!-- begin NAME -->} and {@code <!-- end
 * NAME -->}. With {@code -Ddocs.write=true} they are written anew.
 */
final class Regions {
  private static final Path DOCS = Path.of("..", "docs");

  private Regions() {}

  static void assertUpToDate(String file, String name, String generated) throws IOException {
    Path path = DOCS.resolve(file);
    String text = Files.readString(path);
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf(end);
    assertTrue(from >= begin.length() && to >= from, file + " has no part " + name);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(path, text.substring(0, from) + generated + text.substring(to));
      return;
    }
    assertEquals(
        generated,
        text.substring(from, to),
        file + ", part " + name + ": write it anew with -Ddocs.write=true");
  }
}
