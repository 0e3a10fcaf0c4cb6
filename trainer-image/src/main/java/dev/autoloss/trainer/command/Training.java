package dev.autoloss.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Checkpoint;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.TrainingDocument;
import dev.autoloss.api.TrialResult;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoResults;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.data.EpochBatches;
import dev.autoloss.trainer.data.EvaluationBatches;
import dev.autoloss.trainer.evaluation.CocoEvaluation;
import dev.autoloss.trainer.evaluation.Shape;
import dev.autoloss.trainer.fit.DetectorFit;
import dev.autoloss.trainer.fit.FitEnd;
import dev.autoloss.trainer.tensor.Torch;
import dev.autoloss.trainer.weights.StartingWeights;
import dev.autoloss.trainer.weights.TrainingState;
import dev.autoloss.trainer.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One attempt at a document: data, training, evaluation, files. */
final class Training {
  /** If the document says nothing of checkpoints. */
  private static final int STEPS_BETWEEN_CHECKPOINTS = 500;

  private final TrainingDocument document;
  private final WorkFolder work;
  private final Report report;
  private final Stop stop;
  private final long start = System.nanoTime();

  Training(TrainingDocument document, WorkFolder work, Report report, Stop stop) {
    this.document = document;
    this.work = work;
    this.report = report;
    this.stop = stop;
  }

  /**
   * Trains and measures; the files are written when the result is known, the result last.
   *
   * @param spec the document's, or the same for another accelerator
   * @return empty if it was stopped
   */
  Optional<TrialResult> run(DetectorTrainingSpec spec, TrainingData data) throws IOException {
    requireAccelerator(spec.accelerator().count());
    try (EpochBatches batches =
            new EpochBatches(
                data.train().dataset(),
                data.train().store(),
                spec.schedule(),
                spec.detector().preprocessing(),
                spec.seed());
        DetectorFit fit = new DetectorFit(spec, batches.categories(), batches.batches())) {
      TrainingState state = state(spec, data);
      if (data.weights().isPresent()) {
        startFrom(data.weights().get(), fit);
      }
      goOn(fit, state);
      stop.hasSomethingToKeep(true);
      FitEnd end = fit.train(batches, report::progress, stop::isAsked);
      stop.hasSomethingToKeep(false);
      Optional<TrialResult> result =
          switch (end) {
            case FitEnd.Stopped _ -> Optional.empty();
            case FitEnd.Diverged diverged ->
                Optional.of(result(Outcome.DIVERGED, data, null, spec, diverged.reason()));
            case FitEnd.Trained _ -> measure(spec, data, fit);
          };
      if (result.isPresent()) {
        work.writeResult(result.get());
        state.delete();
      }
      return result;
    }
  }

  private void startFrom(Path weights, DetectorFit fit) throws IOException {
    List<String> random = fit.startFrom(StartingWeights.read(weights));
    if (!random.isEmpty()) {
      work.note(
          "these start anew, as the number of classes is another: " + String.join(", ", random));
    }
  }

  private void goOn(DetectorFit fit, TrainingState state) throws IOException {
    try {
      int done = fit.keepIn(state);
      if (done > 0) {
        work.note("goes on after step " + done);
      }
    } catch (WeightsException damaged) {
      work.note(Failure.describe(damaged) + ": it is not used");
    }
  }

  private TrainingState state(DetectorTrainingSpec spec, TrainingData data) {
    Checkpoint asked = spec.checkpoint();
    return new TrainingState(
        work.trainingState(),
        asked == null ? STEPS_BETWEEN_CHECKPOINTS : asked.everyIterations(),
        Map.of("specHash", document.specHash(), "dataDigest", data.digest()));
  }

  private static void requireAccelerator(int count) {
    if (count > Torch.gpus()) {
      throw new AcceleratorException(
          "spec.accelerator.count: expected a GPU, but there is none here; 0 trains on CPU");
    }
  }

  private Optional<TrialResult> measure(
      DetectorTrainingSpec spec, TrainingData data, DetectorFit fit) throws IOException {
    List<Detections> found = new ArrayList<>();
    try (EvaluationBatches batches =
        new EvaluationBatches(
            data.evaluation().dataset(),
            data.evaluation().store(),
            spec.schedule(),
            spec.detector().preprocessing())) {
      for (Iterator<Batch> epoch = batches.epoch(0); epoch.hasNext(); ) {
        if (stop.isAsked()) {
          return Optional.empty();
        }
        found.addAll(fit.detect(epoch.next()));
      }
    }
    List<DetectedBox> boxes = DetectedBox.of(found);
    Metrics metrics = CocoEvaluation.evaluateBoxes(data.evaluation().dataset(), boxes);
    if (spec.detector().architecture() == Architecture.MASK_RCNN) {
      writeMaskMetrics(data.evaluation().dataset(), boxes);
    }
    work.write(
        "detections.json",
        out -> CocoResults.write(out, boxes, data.evaluation().dataset().categories()));
    fit.saveCheckpoint(work.checkpoint());
    double least = spec.acceptance().minAP();
    if (metrics.ap() < least) {
      String reason =
          String.format(Locale.ROOT, "AP %.4f is below the accepted %.4f", metrics.ap(), least);
      return Optional.of(result(Outcome.REJECTED, data, metrics, spec, reason));
    }
    return Optional.of(result(Outcome.SCORED, data, metrics, spec, null));
  }

  /** The result holds the numbers of the boxes; those of the masks stand beside it. */
  private void writeMaskMetrics(CocoDataset truth, List<DetectedBox> boxes) throws IOException {
    Metrics metrics = CocoEvaluation.evaluate(truth, boxes, Shape.MASK);
    byte[] json = new ObjectMapper().writeValueAsBytes(metrics);
    work.write("mask-metrics.json", out -> out.write(json));
  }

  private TrialResult result(
      Outcome outcome,
      TrainingData data,
      @Nullable Metrics metrics,
      DetectorTrainingSpec spec,
      @Nullable String message) {
    String device =
        spec.accelerator().count() > 0
            ? "GPU"
            : "CPU, %d threads".formatted(spec.accelerator().cpuThreads());
    return new TrialResult(
        outcome,
        document.specHash(),
        spec.seed(),
        data.digest(),
        metrics,
        (System.nanoTime() - start) / 1e9,
        device,
        message);
  }
}
