package dev.autoloss.trainer.loss;

import dev.autoloss.api.AreaUnits;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Numerics;
import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.expression.ExpressionException;
import dev.autoloss.loss.expression.ExpressionParser;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The losses that a document asks for, read.
 *
 * @param classification expression of the one-stage or two-stage branch
 * @param regression loss of a box
 * @param classificationWeight factor of the classification loss
 * @param regressionWeight factor of the regression loss
 * @param weighsEachBox whether each box counts by its own overlap, {@code Σwf/Σw}; otherwise all
 *     alike, {@code mean(f)}
 * @param numerics how the expressions are computed
 * @param areaUnits unit of the areas that a box's loss is given
 */
public record LossPair(
    Expression classification,
    BoxLoss regression,
    double classificationWeight,
    double regressionWeight,
    boolean weighsEachBox,
    Numerics numerics,
    AreaUnits areaUnits) {

  /**
   * Reads the pair of a one-stage detector. A branch that is left out gets the default, sigmoid
   * focal loss or GIoU. The default box loss weighs each box also where the published weighting is
   * asked for, since the published code does so too.
   *
   * @param choice the document's {@code loss}
   * @return the pair
   * @throws LossException if a loss cannot be read or belongs to another branch
   */
  public static LossPair oneStage(LossChoice choice) {
    LossTerm classification = choice.classification();
    LossTerm regression = choice.regression();
    return new LossPair(
        expression("loss.classification", classification, CatalogueLoss.FOCAL),
        box(regression),
        classification == null ? 1 : classification.weight(),
        regression == null ? 1 : regression.weight(),
        choice.boxWeighting() == BoxWeighting.INTENDED || regression == null,
        choice.numerics(),
        choice.areaUnits());
  }

  /**
   * Reads the pair of a two-stage detector. A branch that is left out gets the default,
   * cross-entropy or GIoU. Boxes weigh alike, whichever weighting is asked for.
   *
   * @param choice the document's {@code loss}
   * @return the pair
   * @throws LossException if a loss cannot be read or belongs to another branch
   */
  public static LossPair twoStage(LossChoice choice) {
    LossTerm classification = choice.classification();
    LossTerm regression = choice.regression();
    return new LossPair(
        expression("loss.classification", classification, CatalogueLoss.CROSS_ENTROPY),
        box(regression),
        classification == null ? 1 : classification.weight(),
        regression == null ? 1 : regression.weight(),
        false,
        choice.numerics(),
        choice.areaUnits());
  }

  /** Areas for what is an expression, else the loss by its name. */
  private static BoxLoss box(@Nullable LossTerm term) {
    String field = "loss.regression";
    if (term != null && term.catalogue() != null && term.expression() == null) {
      CatalogueLoss named = named(field, term.catalogue(), Branch.REGRESSION);
      if (named.expression().isEmpty()) {
        return new BoxLoss.BuiltIn(named);
      }
    }
    return new BoxLoss.Areas(expression(field, term, CatalogueLoss.GIOU));
  }

  private static Expression expression(
      String field, @Nullable LossTerm term, CatalogueLoss otherwise) {
    if (term == null) {
      return otherwise.expression().orElseThrow();
    }
    String name = term.catalogue();
    String text = term.expression();
    if ((name == null) == (text == null)) {
      throw new LossException(field + ": exactly one of catalogue and expression is expected");
    }
    Branch branch = otherwise.branch();
    if (name != null) {
      return named(field, name, branch).expression().orElseThrow();
    }
    try {
      return ExpressionParser.parse(text, branch);
    } catch (ExpressionException e) {
      throw new LossException(field + ".expression " + e.getMessage());
    }
  }

  private static CatalogueLoss named(String field, String name, Branch branch) {
    return CatalogueLoss.named(name)
        .filter(loss -> loss.branch() == branch)
        .orElseThrow(
            () ->
                new LossException(
                    "%s.catalogue: '%s' is no loss of the %s branch, expected one of %s"
                        .formatted(
                            field,
                            name,
                            branch.label(),
                            CatalogueLoss.of(branch).stream()
                                .map(CatalogueLoss::label)
                                .collect(Collectors.joining(", ")))));
  }
}
