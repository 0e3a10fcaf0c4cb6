package dev.autoloss.e2e.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An image that runs as another one does and is not the same: a label more, so another digest. */
final class ImageVariant {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ImageVariant() {}

  /**
   * Makes an archive of it.
   *
   * @param image the archive of the other, as the build writes it
   * @param name its own name, as in {@code local/trainer:2}
   * @param folder where it is made
   */
  static Path of(Path image, String name, Path folder) throws IOException, InterruptedException {
    Path parts = Files.createDirectories(folder.resolve(name.replaceAll("\\W", "-")));
    tar("-xf", image.toString(), "-C", parts.toString());
    Path config = parts.resolve("config.json");
    var changed = (ObjectNode) MAPPER.readTree(config.toFile());
    changed.withObject("/config/Labels").put("variant", name);
    MAPPER.writeValue(config.toFile(), changed);
    Path manifest = parts.resolve("manifest.json");
    var named = MAPPER.readTree(manifest.toFile());
    ((ObjectNode) named.get(0)).putArray("RepoTags").add(name);
    MAPPER.writeValue(manifest.toFile(), named);
    Path archive = folder.resolve(parts.getFileName() + ".tar");
    tar("-cf", archive.toString(), "-C", parts.toString(), ".");
    return archive;
  }

  private static void tar(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException(command + " ended with " + code);
    }
  }
}
