package dev.autoloss.local.command;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** A loss on the command line: an expression or a name of the catalogue, and its branch. */
final class LossText {
  @Parameters(
      paramLabel = "EXPR",
      description =
          "An expression such as Sub(1,Div(I,U)), or a name of the catalogue such as GIoU.")
  private String text = "";

  @Option(
      names = "--branch",
      required = true,
      paramLabel = "BRANCH",
      converter = ToBranch.class,
      description = "two-stage, one-stage or regression.")
  private Branch branch = Branch.REGRESSION;

  Branch branch() {
    return branch;
  }

  /** Reads the loss. */
  Expression expression() {
    Optional<CatalogueLoss> named = CatalogueLoss.named(text);
    if (named.isPresent()) {
      return inLanguage(named.get());
    }
    try {
      return ExpressionParser.parse(text, branch);
    } catch (ExpressionException wrong) {
      throw new InputException("EXPR: " + wrong.getMessage());
    }
  }

  private Expression inLanguage(CatalogueLoss loss) {
    if (loss.branch() != branch) {
      throw new InputException(
          "EXPR: expected a loss of the %s branch, %s is of %s"
              .formatted(branch.label(), loss.label(), loss.branch().label()));
    }
    return loss.expression()
        .orElseThrow(
            () ->
                new InputException(
                    "EXPR: "
                        + loss.label()
                        + " is built in and has no expression; expected one that has"));
  }

  /** Reads a branch's label. */
  static final class ToBranch implements ITypeConverter<Branch> {
    @Override
    public Branch convert(String label) {
      return Arrays.stream(Branch.values())
          .filter(branch -> branch.label().equals(label))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected two-stage, one-stage or regression, found '" + label + "'"));
    }
  }
}
