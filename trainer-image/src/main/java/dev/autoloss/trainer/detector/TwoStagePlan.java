package dev.autoloss.trainer.detector;

import dev.autoloss.api.LossChoice;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.TwoStageLoss;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Faster, Cascade or Mask R-CNN as a document describes it.
 *
 * @param recipe which of them
 * @param body its feature network
 * @param layout its levels and heads
 * @param loss its loss
 * @param seed of what is sampled in training
 */
record TwoStagePlan(
    TwoStageRecipe recipe, BodyLayout body, TwoStageLayout layout, TwoStageLoss loss, long seed)
    implements DetectorPlan {
  static TwoStagePlan of(
      TwoStageRecipe recipe, BodyLayout body, TwoStageLayout layout, LossChoice loss, long seed) {
    return new TwoStagePlan(recipe, body, layout, new TwoStageLoss(LossPair.twoStage(loss)), seed);
  }

  @Override
  public List<String> scripts() {
    return loss.scripts();
  }

  @Override
  public DetectorNetwork build(
      Torch torch, Parameters parameters, int classes, RandomGenerator random) {
    return new TwoStage(
        this, new Weights(torch, parameters, random, Weights.Biases.ALIKE), classes);
  }
}
