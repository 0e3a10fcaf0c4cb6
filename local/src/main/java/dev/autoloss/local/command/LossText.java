package dev.autoloss.local.command;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import dev.autoloss.loss.expression.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** A loss on the command line: an expression or a name of the catalogue, and its branch. */
final class LossText {
  /**
   * What the command line names.
   *
   * @param name that of the catalogue, empty for an expression
   */
  record Loss(Expression expression, Branch branch, Optional<String> name) {}

  @Parameters(
      paramLabel = "EXPR",
      description =
          "An expression such as 1 - I/U or Sub(1,Div(I,U)), or a name of the catalogue such as"
              + " GIoU.")
  private String text = "";

  @Option(
      names = "--branch",
      paramLabel = "BRANCH",
      converter = ToBranch.class,
      description =
          "two-stage, one-stage or regression; needed where EXPR could be a loss of several.")
  private @Nullable Branch branch;

  /** Says whether each line of the input is to name its own loss. */
  boolean isInEachLine() {
    return text.equals("-");
  }

  /** Reads the loss. */
  Loss loss() {
    return read(text, Optional.ofNullable(branch));
  }

  /** Reads a loss of a branch, or of the only branch that it fits. */
  static Loss read(String text, Optional<Branch> branch) {
    Optional<CatalogueLoss> named = CatalogueLoss.named(text);
    if (named.isPresent()) {
      return inLanguage(named.get(), branch);
    }
    if (branch.isPresent()) {
      return parsed(text, branch.get());
    }
    List<Loss> fitting = new ArrayList<>();
    Optional<ExpressionException> farthest = Optional.empty();
    for (Branch each : Branch.values()) {
      try {
        fitting.add(new Loss(ExpressionParser.parse(text, each), each, Optional.empty()));
      } catch (ExpressionException wrong) {
        if (farthest.isEmpty() || wrong.offset() > farthest.get().offset()) {
          farthest = Optional.of(wrong);
        }
      }
    }
    if (fitting.isEmpty()) {
      throw wrong(text, farthest.orElseThrow());
    }
    if (fitting.size() > 1) {
      throw new InputException(
          "EXPR: could be of %s, expected --branch"
              .formatted(
                  fitting.stream()
                      .map(loss -> loss.branch().label())
                      .collect(Collectors.joining(" or "))));
    }
    return fitting.getFirst();
  }

  private static Loss parsed(String text, Branch branch) {
    try {
      return new Loss(ExpressionParser.parse(text, branch), branch, Optional.empty());
    } catch (ExpressionException wrong) {
      throw wrong(text, wrong);
    }
  }

  /** A single word may be a misspelt name of the catalogue. */
  private static InputException wrong(String text, ExpressionException wrong) {
    List<String> labels = Arrays.stream(CatalogueLoss.values()).map(CatalogueLoss::label).toList();
    String nearest =
        text.matches("\\w{2,32}")
            ? NearestName.of(text, labels)
                .map(name -> "; nearest of the catalogue is " + name)
                .orElse("")
            : "";
    return new InputException("EXPR: " + wrong.getMessage() + nearest);
  }

  private static Loss inLanguage(CatalogueLoss loss, Optional<Branch> branch) {
    if (branch.isPresent() && branch.get() != loss.branch()) {
      throw new InputException(
          "EXPR: expected a loss of the %s branch, %s is of %s"
              .formatted(branch.get().label(), loss.label(), loss.branch().label()));
    }
    Expression expression =
        loss.expression()
            .orElseThrow(
                () ->
                    new InputException(
                        "EXPR: "
                            + loss.label()
                            + " is built in and has no expression; expected one that has"));
    return new Loss(expression, loss.branch(), Optional.of(loss.label()));
  }

  /** Reads a branch's label. */
  static final class ToBranch implements ITypeConverter<Branch> {
    @Override
    public Branch convert(String label) {
      return labelled(label)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected two-stage, one-stage or regression, found '" + label + "'"));
    }
  }

  /** The branch of a label. */
  static Optional<Branch> labelled(String label) {
    return Arrays.stream(Branch.values())
        .filter(branch -> branch.label().equals(label))
        .findFirst();
  }
}
