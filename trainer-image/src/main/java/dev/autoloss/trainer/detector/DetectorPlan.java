package dev.autoloss.trainer.detector;

import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.trainer.tensor.Parameters;
import dev.autoloss.trainer.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;

/** A detector and its loss as a document describes them, before the engine is started. */
public interface DetectorPlan {
  /**
   * Reads a document.
   *
   * @param spec what to train
   * @return its detector
   * @throws dev.autoloss.trainer.loss.LossException if a loss cannot be read or belongs to another
   *     branch
   */
  static DetectorPlan of(DetectorTrainingSpec spec) {
    return switch (spec.detector().architecture()) {
      case FCOS -> OneStagePlan.of(OneStageKind.FCOS, spec);
      case ATSS -> OneStagePlan.of(OneStageKind.ATSS, spec);
      case FASTER_RCNN -> TwoStagePlan.of(TwoStageRecipe.faster(), spec);
      case CASCADE_RCNN -> TwoStagePlan.of(TwoStageRecipe.cascade(), spec);
      case MASK_RCNN -> TwoStagePlan.of(TwoStageRecipe.mask(), spec);
    };
  }

  /**
   * The methods that the loss calls, to be given to {@link Torch#open}.
   *
   * @return TorchScript source
   */
  List<String> scripts();

  /**
   * Makes the detector with random weights.
   *
   * @param torch opened with {@link #scripts}
   * @param parameters takes the weights
   * @param classes number of classes, at least 1
   * @param random source of the weights
   * @return the detector
   */
  DetectorNetwork build(Torch torch, Parameters parameters, int classes, RandomGenerator random);
}
