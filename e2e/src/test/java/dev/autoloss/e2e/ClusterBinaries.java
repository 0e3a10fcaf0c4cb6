package dev.autoloss.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the programs of a real cluster lie: the folder in {@code AUTOLOSS_CLUSTER_BIN}, else the
 * version folder under {@code AUTOLOSS_CLUSTER_CACHE}, else under {@code
 * ~/.cache/autoloss-cluster}.
 */
final class ClusterBinaries {
  private static final String VERSION = "v1.35.4";

  private final Path folder;

  private ClusterBinaries(Path folder) {
    this.folder = folder;
  }

  /** Skips the test, with the reason, where one of the programs is missing. */
  static ClusterBinaries orSkip(List<String> names) {
    Path folder = folder();
    Optional<String> missing =
        names.stream().filter(name -> !Files.isExecutable(folder.resolve(name))).findFirst();
    assumeTrue(
        missing.isEmpty(),
        () ->
            "no real API server here: "
                + folder.resolve(missing.orElseThrow())
                + " is missing (set AUTOLOSS_CLUSTER_BIN to a folder that holds "
                + String.join(", ", names)
                + ")");
    return new ClusterBinaries(folder);
  }

  private static Path folder() {
    String given = System.getenv("AUTOLOSS_CLUSTER_BIN");
    if (given != null) {
      return Path.of(given);
    }
    String cache = System.getenv("AUTOLOSS_CLUSTER_CACHE");
    Path root =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "autoloss-cluster")
            : Path.of(cache);
    return root.resolve(VERSION).resolve("bin");
  }

  String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The stages that come with kwok: nodes get ready, pods get ready, pods are deleted. */
  Path kwokStages() {
    return folder.resolveSibling("kwok").resolve("stage");
  }
}
