package dev.autoloss.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The autoloss program as a process of its own, with a shell script as trainer. */
final class Program {
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  /** How a run of the program ended. */
  record End(int exitCode, String out, String err) {}

  private final Path folder;
  private final Process process;

  /** Starts it in a folder, which is its working directory. */
  Program(Path folder, String... arguments) throws IOException {
    this.folder = folder;
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dautoloss.trainer=bash "
                    + Path.of("src/test/resources/fake-trainer.sh").toAbsolutePath(),
                "-cp",
                CLASS_PATH,
                Autoloss.class.getName()));
    command.addAll(List.of(arguments));
    this.process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
  }

  Process process() {
    return process;
  }

  String out() throws IOException {
    return Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8);
  }

  End end() throws IOException, InterruptedException {
    int code = process.waitFor();
    return new End(
        code, out(), Files.readString(folder.resolve("err.txt"), StandardCharsets.UTF_8));
  }
}
