package dev.autoloss.trainer.command;

import dev.autoloss.api.document.DocumentException;
import dev.autoloss.trainer.data.DataException;
import dev.autoloss.trainer.weights.WeightsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The trainer's command line. */
@Command(
    name = "trainer",
    description = "Trains one detector and measures it. Needs no Kubernetes.",
    mixinStandardHelpOptions = true,
    version = "autoloss trainer 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      DataCommand.class
    })
public final class TrainerCommand {
  private TrainerCommand() {}

  /**
   * Runs a command.
   *
   * @param arguments command and options
   * @return the code that the process should exit with; 2 for wrong usage
   */
  public static int run(String... arguments) {
    return run(
        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new TrainerCommand())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(TrainerCommand::inOneLine)
        .setParameterExceptionHandler(TrainerCommand::wrongUsage)
        .execute(arguments);
  }

  private static int wrongUsage(ParameterException wrong, String... arguments) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    wrong
        .getCommandLine()
        .getErr()
        .println("error: %s; see %s --help".formatted(wrong.getMessage(), command));
    return CommandLine.ExitCode.USAGE;
  }

  /** For the commands that have no exit codes of their own: wrong input is wrong usage. */
  private static int inOneLine(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof DocumentException wrong) {
      wrong.lines().forEach(line -> command.getErr().println("error: " + line));
    } else {
      command.getErr().println("error: " + Failure.describe(failure));
    }
    return switch (failure) {
      case DataException _, WeightsException _, DocumentException _ -> CommandLine.ExitCode.USAGE;
      default -> CommandLine.ExitCode.SOFTWARE;
    };
  }
}
