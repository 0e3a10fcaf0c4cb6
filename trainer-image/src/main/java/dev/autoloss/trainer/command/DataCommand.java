package dev.autoloss.trainer.command;

import dev.autoloss.api.ShapesSource;
import dev.autoloss.trainer.shapes.ShapesFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes data. */
@Command(
    name = "data",
    description = "Makes data sets.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class DataCommand {
  private static final int MOST_IMAGES = 10_000;
  private static final int LEAST_SIDE = 32;
  private static final int MOST_SIDE = 1024;

  @Spec private CommandSpec command = CommandSpec.create();

  @Command(
      name = "shapes",
      description =
          "Writes a generated set of circles, squares and triangles in COCO format:"
              + " annotations/train.json, annotations/validation.json and images/.",
      mixinStandardHelpOptions = true)
  int shapes(
      @Option(
              names = "--out",
              required = true,
              paramLabel = "DIR",
              description = "An empty folder, or one that is not there yet.")
          Path out,
      @Option(names = "--seed", defaultValue = "1", description = "Default ${DEFAULT-VALUE}.")
          long seed,
      @Option(
              names = "--train",
              defaultValue = "96",
              paramLabel = "N",
              description = "Images to train on; default ${DEFAULT-VALUE}.")
          int train,
      @Option(
              names = "--validation",
              defaultValue = "48",
              paramLabel = "N",
              description = "Images to validate on; default ${DEFAULT-VALUE}.")
          int validation,
      @Option(
              names = "--width",
              defaultValue = "96",
              paramLabel = "PIXELS",
              description = "Default ${DEFAULT-VALUE}.")
          int width,
      @Option(
              names = "--height",
              defaultValue = "96",
              paramLabel = "PIXELS",
              description = "Default ${DEFAULT-VALUE}.")
          int height)
      throws IOException {
    check("--train", train, 1, MOST_IMAGES);
    check("--validation", validation, 1, MOST_IMAGES);
    check("--width", width, LEAST_SIDE, MOST_SIDE);
    check("--height", height, LEAST_SIDE, MOST_SIDE);
    if (Files.exists(out) && !isEmptyFolder(out)) {
      throw wrong("--out: expected an empty folder, but %s is none".formatted(out));
    }
    ShapesFolder.write(new ShapesSource(seed, train, validation, width, height), out);
    return CommandLine.ExitCode.OK;
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong("%s: expected %d to %d, but it is %d".formatted(option, least, most, value));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }
}
