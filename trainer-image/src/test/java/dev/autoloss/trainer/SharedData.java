package dev.autoloss.trainer;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds data that lies beside the checkout and is no part of it. */
public final class SharedData {
  private SharedData() {}

  /** The folder, or the test is skipped with the reason. */
  public static Path folder(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolveSibling("shared").resolve("data").resolve(name);
      if (Files.isDirectory(found)) {
        return found;
      }
    }
    String set = System.getenv("AUTOLOSS_SHARED_DATA");
    Path found = Path.of(set == null ? "" : set).resolve(name);
    Assumptions.assumeTrue(
        set != null && Files.isDirectory(found),
        "no folder shared/data/%s beside the checkout, nor AUTOLOSS_SHARED_DATA".formatted(name));
    return found;
  }
}
