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
              names = "--counts",
              arity = "2",
              defaultValue = "96 48",
              split = " ",
              paramLabel = "N",
              description = "Images to train and to validate on; default ${DEFAULT-VALUE}.")
          int[] counts,
      @Option(
              names = "--size",
              arity = "2",
              defaultValue = "96 96",
              split = " ",
              paramLabel = "PIXELS",
              description = "Width and height; default ${DEFAULT-VALUE}.")
          int[] size)
      throws IOException {
    for (int count : counts) {
      check("--counts", count, 1, MOST_IMAGES);
    }
    for (int side : size) {
      check("--size", side, LEAST_SIDE, MOST_SIDE);
    }
    if (Files.exists(out) && !isEmptyFolder(out)) {
      throw wrong("--out: expected an empty folder, but %s is none".formatted(out));
    }
    ShapesFolder.write(new ShapesSource(seed, counts[0], counts[1], size[0], size[1]), out);
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
