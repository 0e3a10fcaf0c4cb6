package dev.autoloss.e2e.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of {@code examples/load-data.yaml}, run here from an archive beside it. */
class LoadDataTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "load-data.yaml");

  @TempDir Path folder;
  private Path archive;
  private Path data;

  @BeforeEach
  void archive() throws Exception {
    for (String name : List.of("sh", "curl", "tar", "sha256sum")) {
      assumeTrue(
          Stream.of(System.getenv("PATH").split(":"))
              .anyMatch(path -> Files.isExecutable(Path.of(path, name))),
          name + " is missing");
    }
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.writeString(
        Files.createDirectories(source.resolve("annotations")).resolve("train.json"), "{}");
    Files.writeString(Files.createDirectories(source.resolve("images")).resolve("1.jpg"), "1");
    archive = folder.resolve("data.tar.gz");
    data = Files.createDirectories(folder.resolve("data"));
    run(
        List.of(
            "tar", "-czf", archive.toString(), "-C", source.toString(), "annotations", "images"));
  }

  private static int run(List<String> command, String... environment) throws Exception {
    var builder = new ProcessBuilder(command).inheritIO();
    for (int i = 0; i < environment.length; i += 2) {
      builder.environment().put(environment[i], environment[i + 1]);
    }
    return builder.start().waitFor();
  }

  private int load(String sha256) throws Exception {
    JsonNode container =
        Yaml.only(Yaml.documents(Files.readString(EXAMPLE)), "Job", "load-bccd")
            .at("/spec/template/spec/containers/0");
    var command = new ArrayList<String>();
    container.path("command").forEach(word -> command.add(word.asText()));
    container.path("args").forEach(word -> command.add(word.asText()));
    return run(
        command, "URL", archive.toUri().toString(), "SHA256", sha256, "TARGET", data.toString());
  }

  private String digest() throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> data.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void dataIsThereOnceAndStays() throws Exception {
    assertEquals(0, load(digest()));
    assertEquals(List.of("annotations/train.json", "images/1.jpg"), files());
    Files.delete(archive);
    assertEquals(0, load("none"), "it is there already");
  }

  @Test
  void aWrongArchiveLeavesNothingThatASearchWouldRead() throws Exception {
    String digest = digest();
    Files.write(archive, "more".getBytes(StandardCharsets.UTF_8));
    assertNotEquals(0, load(digest));
    assertFalse(Files.exists(data.resolve("images")));
    assertFalse(Files.exists(data.resolve("annotations")));
  }

  @Test
  void aKilledLoadIsRepaired() throws Exception {
    // Killed while it unpacked, and between its last two steps.
    Files.writeString(Files.createDirectories(data.resolve(".loading/images")).resolve("x"), "");
    Files.writeString(Files.createDirectories(data.resolve("images")).resolve("old.jpg"), "");
    assertEquals(0, load(digest()));
    assertEquals(List.of("annotations/train.json", "images/1.jpg"), files());
  }
}
