package dev.autoloss.local.command;

import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.Printer;
import dev.autoloss.loss.picture.Formula;
import dev.autoloss.loss.picture.LossSheet;
import dev.autoloss.loss.picture.TerminalPlot;
import dev.autoloss.loss.simplification.Rule;
import dev.autoloss.loss.simplification.Simplified;
import dev.autoloss.loss.simplification.Simplifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints and draws a loss. */
@Command(
    name = "show",
    description =
        "Prints a loss in all forms, with its size, height, inputs and simplified form, and plots"
            + " its value and gradient: over the logit of positives and negatives, or over shift,"
            + " scale and aspect of a box of 64 pixels.",
    mixinStandardHelpOptions = true)
final class LossShow implements Callable<Integer> {
  @Spec private CommandSpec command = CommandSpec.create();

  @Mixin private LossText text = new LossText();

  @Option(names = "--svg", paramLabel = "FILE", description = "Also draws the plots as SVG.")
  private @Nullable Path svg;

  @Option(names = "--png", paramLabel = "FILE", description = "Also draws the plots as PNG.")
  private @Nullable Path png;

  @Override
  public Integer call() throws IOException {
    LossText.Loss loss = text.loss();
    Expression expression = loss.expression();
    Charset charset = System.out.charset();
    boolean unicode = charset.newEncoder().canEncode('⣿');
    var sheet = new LossSheet(expression, loss.branch(), loss.name().orElse(""));
    PrintWriter out = command.commandLine().getOut();
    forms(out, expression, unicode);
    simplified(out, Simplifier.simplify(expression, loss.branch()));
    out.println();
    TerminalPlot.lines(expression, loss.branch(), unicode).forEach(out::println);
    if (svg != null) {
      Files.writeString(svg, sheet.svg());
      out.println("svg         " + svg);
    }
    if (png != null) {
      Files.write(png, sheet.png());
      out.println("png         " + png);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static void forms(PrintWriter out, Expression expression, boolean unicode) {
    out.println("expression  " + Printer.prefix(expression));
    out.println("infix       " + Printer.infix(expression));
    if (unicode) {
      out.println("formula     " + Formula.infix(expression));
    }
    out.println("latex       " + Formula.latex(expression));
    out.println("size        " + expression.size());
    out.println("height      " + expression.height());
    List<String> inputs = expression.inputs().stream().map(Enum::name).toList();
    out.println("inputs      " + String.join(" ", inputs));
  }

  private static void simplified(PrintWriter out, Simplified simplified) {
    Expression shorter = simplified.expression();
    if (simplified.rules().isEmpty()) {
      out.println("simplified  the same");
      return;
    }
    out.println("simplified  " + Printer.prefix(shorter));
    out.println("            " + Printer.infix(shorter));
    out.println(
        "            size %d, height %d, by %s"
            .formatted(
                shorter.size(),
                shorter.height(),
                simplified.rules().stream()
                    .distinct()
                    .map(Rule::name)
                    .collect(Collectors.joining(" "))));
  }
}
