package dev.autoloss.trainer.detector;

import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
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
    return of(spec.detector(), spec.loss(), spec.seed());
  }

  /**
   * A detector that is not to be trained.
   *
   * @param detector which
   * @return the detector, with its default losses
   */
  static DetectorPlan of(Detector detector) {
    return of(detector, new LossChoice(null, null, BoxWeighting.INTENDED), 0);
  }

  private static DetectorPlan of(Detector detector, LossChoice loss, long seed) {
    Compatibility asked = detector.compatibility();
    Compatibility compatibility = asked == null ? Compatibility.PUBLISHED : asked;
    TwoStageLayout regions = TwoStageLayout.of(detector.backbone(), compatibility);
    OneStageLayout points = OneStageLayout.of(detector.backbone(), compatibility);
    BodyLayout body = BodyLayout.of(detector);
    return switch (detector.architecture()) {
      case FCOS -> OneStagePlan.of(OneStageKind.FCOS, body, points, loss);
      case ATSS -> OneStagePlan.of(OneStageKind.ATSS, body, points, loss);
      case FASTER_RCNN -> TwoStagePlan.of(TwoStageRecipe.faster(), body, regions, loss, seed);
      case CASCADE_RCNN -> TwoStagePlan.of(TwoStageRecipe.cascade(), body, regions, loss, seed);
      case MASK_RCNN -> TwoStagePlan.of(TwoStageRecipe.mask(), body, regions, loss, seed);
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
