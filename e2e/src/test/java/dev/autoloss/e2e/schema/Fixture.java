package dev.autoloss.e2e.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A document and what is expected of it, which its first lines say: {@code # field:} a field that
 * is wrong (one line each), {@code # says:} a part of what {@code ./autoloss run} says of it,
 * {@code # server:} where the API server can't say as much: {@code accepts}, or {@code no field}.
 */
record Fixture(
    Path file, String text, List<String> fields, Optional<String> says, Optional<String> server) {
  private static final Path ROOT = Path.of("src/test/resources/schema");

  /** All of a folder: valid, invalid or update. */
  static Stream<Fixture> all(String folder) {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return files.sorted().map(Fixture::read).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Fixture read(Path file) {
    try {
      String text = Files.readString(file);
      return new Fixture(
          file,
          text,
          values(text, "field"),
          values(text, "says").stream().findFirst(),
          values(text, "server").stream().findFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> values(String text, String name) {
    String start = "# " + name + ":";
    return text.lines()
        .takeWhile(line -> line.startsWith("#"))
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  boolean serverAccepts() {
    return server.filter("accepts"::equals).isPresent();
  }

  boolean serverNamesTheField() {
    return server.isEmpty();
  }

  boolean isTraining() {
    return text.contains("kind: DetectorTraining");
  }

  /** Of an update: the resource before it and after it. */
  List<String> versions() {
    return List.of(text.split("(?m)^---$", -1));
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
