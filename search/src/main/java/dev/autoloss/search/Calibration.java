package dev.autoloss.search;

import dev.autoloss.loss.catalogue.CatalogueLoss;
import dev.autoloss.loss.expression.Branch;
import dev.autoloss.loss.expression.Expression;
import dev.autoloss.loss.scale.AreaUnits;
import dev.autoloss.loss.scale.BoxCoding;
import dev.autoloss.loss.scale.GradientScale;

/**
 * Gives each searched branch the weight with which its gradients are as large as the standard
 * loss's: cross entropy, the focal loss or GIoU. Without it a candidate's score is partly that of a
 * larger step.
 *
 * @param coding how the detector writes boxes
 * @param units units of the areas that box losses get
 */
public record Calibration(BoxCoding coding, AreaUnits units) {
  /** The weights of a pair; 1 where a branch has its default, or no finite weight does it. */
  Scaling of(LossPair losses, Branch classification) {
    return new Scaling(
        losses
            .classification()
            .map(loss -> weight(GradientScale.classification(classification), loss, classification))
            .orElse(1.0),
        losses
            .regression()
            .map(loss -> weight(GradientScale.regression(coding, units), loss, Branch.REGRESSION))
            .orElse(1.0),
        1);
  }

  private static double weight(GradientScale scale, Expression loss, Branch branch) {
    CatalogueLoss standard =
        switch (branch) {
          case TWO_STAGE -> CatalogueLoss.CROSS_ENTROPY;
          case ONE_STAGE -> CatalogueLoss.FOCAL;
          case REGRESSION -> CatalogueLoss.GIOU;
        };
    return scale.weight(loss, standard.expression().orElseThrow()).orElse(1);
  }
}
