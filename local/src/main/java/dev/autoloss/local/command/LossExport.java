package dev.autoloss.local.command;

import dev.autoloss.loss.export.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Writes a loss as a program of another framework. */
@Command(
    name = "export",
    description = "Writes a loss as a Python file that needs PyTorch, or mmdetection, and no more.",
    mixinStandardHelpOptions = true)
final class LossExport implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();

  @Mixin private LossText text = new LossText();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FRAMEWORK",
      converter = ToTarget.class,
      description = "torch or mmdetection.")
  private Target target = Target.TORCH;

  @Option(
      names = "--name",
      paramLabel = "CLASS",
      description = "The class's name; default: the catalogue's name, or SearchedLoss.")
  private @Nullable String name;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write it; default: to stdout.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    LossText.Loss loss = text.loss();
    String source;
    try {
      source =
          target.export(
              loss.expression(),
              loss.branch(),
              name == null ? loss.name().orElse("SearchedLoss") : name);
    } catch (IllegalArgumentException wrong) {
      throw new InputException("--name: " + wrong.getMessage());
    }
    PrintWriter out = command.commandLine().getOut();
    if (file == null) {
      out.print(source);
    } else {
      Files.writeString(file, source);
      out.println("wrote " + file);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Reads a framework's label. */
  static final class ToTarget implements ITypeConverter<Target> {
    @Override
    public Target convert(String label) {
      return Arrays.stream(Target.values())
          .filter(target -> target.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected torch or mmdetection, found '" + label + "'"));
    }
  }
}
