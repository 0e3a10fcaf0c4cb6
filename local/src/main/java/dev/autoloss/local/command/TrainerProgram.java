package dev.autoloss.local.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The trainer as a program of its own, with a class path of its own. */
final class TrainerProgram {
  private static final String MAIN = "dev.autoloss.trainer.TrainerMain";

  /** System property: the folder that the project lies in. */
  private static final String HOME = "autoloss.home";

  /** System property: a program that takes the trainer's place, with its arguments. */
  private static final String OTHER = "autoloss.trainer";

  private TrainerProgram() {}

  /** Program and first arguments; a command of the trainer follows. */
  static List<String> command() {
    String other = System.getProperty(OTHER, "");
    if (!other.isEmpty()) {
      return List.of(other.split(" ", -1));
    }
    Path target =
        Path.of(System.getProperty(HOME, "")).toAbsolutePath().resolve("trainer-image/target");
    String jar =
        jar(target)
            .orElseThrow(
                () -> new IllegalStateException(target + ": expected the built trainer, build it"));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:+UseSerialGC",
        "-cp",
        jar + File.pathSeparator + target.resolve("lib") + File.separator + "*",
        MAIN);
  }

  private static Optional<String> jar(Path target) {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(target, "autoloss-trainer-image-*.jar")) {
      for (Path jar : jars) {
        return Optional.of(jar.toString());
      }
      return Optional.empty();
    } catch (IOException missing) {
      return Optional.empty();
    }
  }

  /** Runs a command of the trainer's on our own terminal and hands on its exit code. */
  static int run(List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(command());
    all.addAll(arguments);
    var builder = new ProcessBuilder(all).inheritIO();
    builder.environment().putAll(environment);
    Process trainer = builder.start();
    var end = new Thread(trainer::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    return trainer.waitFor();
  }

  /**
   * Starts a command of the trainer's that ends when we do.
   *
   * @param out gets its stdout; what it says on stderr is in its message file, too
   */
  static Process start(
      List<String> arguments, Map<String, String> environment, ProcessBuilder.Redirect out)
      throws IOException {
    var all = new ArrayList<>(command());
    all.addAll(arguments);
    all.add("--end-with-stdin");
    var builder =
        new ProcessBuilder(all).redirectOutput(out).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
