package dev.autoloss.trainer.loss;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Expression;

/** The loss of a box. */
public sealed interface BoxLoss {
  /**
   * A function of areas.
   *
   * @param expression of the regression branch
   */
  record Areas(Expression expression) implements BoxLoss {}

  /**
   * A loss outside of the language.
   *
   * @param loss one without an expression
   */
  record BuiltIn(CatalogueLoss loss) implements BoxLoss {}
}
