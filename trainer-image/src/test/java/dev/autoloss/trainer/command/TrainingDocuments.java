package dev.autoloss.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Acceptance;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Checkpoint;
import dev.autoloss.api.ClaimSource;
import dev.autoloss.api.Dataset;
import dev.autoloss.api.DatasetSource;
import dev.autoloss.api.DatasetSplit;
import dev.autoloss.api.Deadlines;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.PodOptions;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Retries;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Scheduling;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.SpecHash;
import dev.autoloss.api.Split;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.WarmUp;
import java.util.List;

/** Documents for tests: a small detector on small images. */
final class TrainingDocuments {
  static final Dataset FILES =
      new Dataset(
          new DatasetSource(new ClaimSource("claim", null), null, null, null),
          new DatasetSplit("annotations/train.json", "images"),
          new DatasetSplit("annotations/validation.json", "images"),
          null);

  private TrainingDocuments() {}

  static Dataset shapes(int train, int validation) {
    return new Dataset(
        new DatasetSource(null, null, null, new ShapesSource(1, train, validation, 64, 64)),
        null,
        null,
        null);
  }

  static DetectorTrainingSpec spec(Dataset dataset, int epochs, int gpus, double minAP) {
    return new DetectorTrainingSpec(
        new Detector(
            Architecture.FCOS,
            Backbone.SMALL,
            new Preprocessing(
                ChannelOrder.RGB,
                List.of(123.675, 116.28, 103.53),
                List.of(58.395, 57.12, 57.375))),
        dataset,
        new LossChoice(null, null, BoxWeighting.INTENDED),
        new Schedule(
            epochs,
            4,
            .01,
            .9,
            1e-4,
            new WarmUp(0, .1),
            List.of(),
            .1,
            null,
            new Resize(64, 64),
            .5),
        3,
        new Accelerator("nvidia.com/gpu", gpus, 1),
        Split.VALIDATION,
        new Acceptance(minAP),
        new Retries(3, 1),
        new Deadlines(3600, 86400, 60),
        new Scheduling(null, null, null),
        new PodOptions(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        null);
  }

  /** The same, kept every few steps. */
  static DetectorTrainingSpec kept(DetectorTrainingSpec spec, int everyIterations) {
    return new DetectorTrainingSpec(
        spec.detector(),
        spec.dataset(),
        spec.loss(),
        spec.schedule(),
        spec.seed(),
        spec.accelerator(),
        spec.evaluateOn(),
        spec.acceptance(),
        spec.retries(),
        spec.deadlines(),
        spec.scheduling(),
        spec.pod(),
        new Checkpoint(new ClaimSource("claim", null), everyIterations));
  }

  static String json(DetectorTrainingSpec spec) {
    try {
      return new ObjectMapper()
          .writeValueAsString(new TrainingDocument("small", SpecHash.of(spec), spec));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
