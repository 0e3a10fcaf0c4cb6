package dev.autoloss.trainer.detector;

import dev.autoloss.api.LossChoice;
import dev.autoloss.trainer.loss.LossPair;
import dev.autoloss.trainer.loss.OneStageLoss;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * FCOS or ATSS as a document describes it.
 *
 * @param kind which of the two
 * @param body its feature network
 * @param layout its levels and head
 * @param loss its loss
 */
record OneStagePlan(OneStageKind kind, BodyLayout body, OneStageLayout layout, OneStageLoss loss)
    implements DetectorPlan {
  static OneStagePlan of(
      OneStageKind kind, BodyLayout body, OneStageLayout layout, LossChoice loss) {
    return new OneStagePlan(
        kind, body, layout, new OneStageLoss(LossPair.oneStage(loss), kind.boxes()));
  }

  @Override
  public List<String> scripts() {
    return loss.scripts();
  }

  @Override
  public DetectorNetwork build(
      Torch torch, Parameters parameters, int classes, RandomGenerator random) {
    return new OneStage(this, new Weights(torch, parameters, random, kind.biases()), classes);
  }
}
