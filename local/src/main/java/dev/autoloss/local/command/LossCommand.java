package dev.autoloss.local.command;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.loss.rejection.PredictionRejection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Looks at one loss. */
@Command(
    name = "loss",
    description = "Shows, judges, computes or exports a loss.",
    mixinStandardHelpOptions = true,
    subcommands = {LossShow.class, LossExport.class},
    synopsisSubcommandLabel = "COMMAND")
final class LossCommand {
  @Spec private CommandSpec command = CommandSpec.create();

  @Command(
      name = "check",
      description = "Says what the gates say of a loss: exit code 0 if accepted, 1 if rejected.",
      mixinStandardHelpOptions = true)
  int check(@Mixin LossText text) {
    LossText.Loss loss = text.loss();
    PrintWriter out = command.commandLine().getOut();
    int code =
        switch (verdict(loss.expression(), loss.branch())) {
          case Verdict.Accepted() -> {
            out.println("accepted");
            yield CommandLine.ExitCode.OK;
          }
          case Verdict.Rejected(var gate, String reason) -> {
            out.println("rejected: " + gate.description() + ": " + reason);
            yield CommandLine.ExitCode.SOFTWARE;
          }
        };
    out.flush();
    return code;
  }

  /** By all gates in their order. */
  private static Verdict verdict(Expression loss, Branch branch) {
    Verdict verdict = Gates.published().judge(loss, branch);
    return verdict instanceof Verdict.Accepted
        ? PredictionRejection.of(branch).verdict(loss)
        : verdict;
  }

  @Command(
      name = "eval",
      description = {
        "Computes values and gradients. Reads JSON lines from stdin, each an object of the branch's"
            + " inputs: two-stage X, Y, Z and one-stage X, Q, PY, NY as rows of columns,"
            + " regression I, U, E as lists. Writes for each {\"value\": …, \"grad\": {\"X\": …}}:"
            + " the gradient of the values' sum by X, in regression by I, U and E.",
        "NaN and infinities are the strings \"NaN\", \"Inf\" and \"-Inf\".",
        "With - for EXPR each line names its own \"loss\" and \"branch\"."
      },
      mixinStandardHelpOptions = true)
  int eval(@Mixin LossText text) throws IOException {
    if (text.isInEachLine()) {
      return eachLine(LossPoints::evaluateOwn);
    }
    LossText.Loss loss = text.loss();
    var points = new LossPoints(loss.branch());
    return eachLine(line -> points.evaluate(loss.expression(), line));
  }

  private int eachLine(UnaryOperator<String> evaluate) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            out.println(evaluate.apply(line));
          } catch (InputException wrong) {
            out.flush();
            throw new InputException("stdin:" + number + ": " + wrong.getMessage());
          }
        }
      }
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}
