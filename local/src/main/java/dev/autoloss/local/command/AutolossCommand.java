package dev.autoloss.local.command;

import dev.autoloss.local.run.LocalRun;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code autoloss} command line. */
@Command(
    name = "autoloss",
    description = {
      "Evolves losses for object detection on your data, on this machine.",
      "",
      "Start with:  autoloss run examples/quickstart.yaml",
      ""
    },
    mixinStandardHelpOptions = true,
    version = "autoloss " + LocalRun.VERSION,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage or input",
      "130:stopped; the same command goes on"
    },
    footer = {"", "autoloss COMMAND --help says more of a command."},
    subcommands = {
      RunCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      LossCommand.class,
      ScreenCommand.class,
      DataCommand.class,
      PlanCommand.class,
      VerifyCommand.class,
      LedgerCommand.class
    })
public final class AutolossCommand {
  private AutolossCommand() {}

  /**
   * Runs a command.
   *
   * @param arguments the command and its options
   * @return 0 done, 1 failed, 2 wrong usage or input
   */
  public static int run(String... arguments) {
    return new CommandLine(new AutolossCommand())
        .setExecutionExceptionHandler(AutolossCommand::inOneLine)
        .setParameterExceptionHandler(AutolossCommand::wrongUsage)
        .setCaseInsensitiveEnumValuesAllowed(false)
        .execute(arguments);
  }

  private static int wrongUsage(ParameterException wrong, String... arguments) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("error: " + firstLine(wrong) + "; see " + name + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static int inOneLine(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (failure instanceof InputException wrong) {
      wrong.lines().forEach(line -> err.println("error: " + line));
      return CommandLine.ExitCode.USAGE;
    }
    err.println("error: " + firstLine(failure));
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String firstLine(Exception failure) {
    String message = failure.getMessage();
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return line.isEmpty() || failure instanceof FileSystemException
        ? failure.getClass().getSimpleName() + ": " + line
        : line;
  }
}
