package dev.autoloss.local.command;

import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.expression.Variable;
import dev.autoloss.loss.gate.Gates;
import dev.autoloss.loss.gate.Verdict;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.loss.picture.LossPlot;
import dev.autoloss.loss.rejection.PredictionRejection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at one loss. */
@Command(
    name = "loss",
    description = "Shows, judges or computes a loss.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class LossCommand {
  @Spec private CommandSpec command = CommandSpec.create();

  @Command(
      name = "show",
      description = "Prints a loss as expression and formula, with its size, height and inputs.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin LossText loss,
      @Option(names = "--svg", paramLabel = "FILE", description = "Also draws its shape.")
          @Nullable Path svg)
      throws IOException {
    Expression expression = loss.expression();
    Branch branch = loss.branch();
    if (svg != null) {
      Files.writeString(svg, LossPlot.svg(expression, branch));
    }
    PrintWriter out = command.commandLine().getOut();
    out.println("expression  " + Printer.prefix(expression));
    out.println("formula     " + Formula.infix(expression));
    out.println("size        " + expression.size());
    out.println("height      " + expression.height());
    List<String> inputs = inputs(expression).stream().map(Enum::name).toList();
    out.println("inputs      " + String.join(" ", inputs));
    if (svg != null) {
      out.println("plot        " + svg);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** The inputs that an expression uses. */
  static Set<Variable> inputs(Expression expression) {
    Set<Variable> inputs = EnumSet.noneOf(Variable.class);
    switch (expression) {
      case Expression.Input(var variable) -> inputs.add(variable);
      case Expression.Constant _ -> {}
      case Expression.Unary(var _, var operand) -> inputs.addAll(inputs(operand));
      case Expression.Binary(var _, var left, var right) -> {
        inputs.addAll(inputs(left));
        inputs.addAll(inputs(right));
      }
    }
    return inputs;
  }

  @Command(
      name = "check",
      description = "Says what the gates say of a loss: exit code 0 if accepted, 1 if rejected.",
      mixinStandardHelpOptions = true)
  int check(@Mixin LossText loss) {
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
        "NaN and infinities are the strings \"NaN\", \"Inf\" and \"-Inf\"."
      },
      mixinStandardHelpOptions = true)
  int eval(@Mixin LossText loss) throws IOException {
    Expression expression = loss.expression();
    PrintWriter out = command.commandLine().getOut();
    var points = new LossPoints(loss.branch());
    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          try {
            out.println(points.evaluate(expression, line));
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
