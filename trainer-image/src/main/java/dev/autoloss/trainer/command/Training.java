package dev.autoloss.trainer.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Checkpoint;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.Metrics;
import dev.autoloss.api.Outcome;
import dev.autoloss.api.Progress;
import dev.autoloss.api.Split;
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt at a document: data, training, evaluation, files. */
final class Training {
  /** If the document says nothing of checkpoints. */
  private static final int STEPS_BETWEEN_CHECKPOINTS = 500;

  private final TrainingDocument document;
  private final WorkFolder work;
  private final Consumer<Progress> listener;
  private final Stop stop;
  private final long start = System.nanoTime();

  Training(TrainingDocument document, WorkFolder work, Consumer<Progress> listener, Stop stop) {
    this.document = document;
    this.work = work;
    this.listener = listener;
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
      int done = goOn(fit, state);
      stop.hasSomethingToKeep(true);
      int steps = spec.schedule().epochs() * batches.batches();
      var verdict = new EarlyVerdict(done, steps, () -> passes(spec, data, fit));
      BooleanSupplier enough =
          () -> stop.isAsked() || (isSimulation(spec) && verdict.isCertainAfterAnotherStep());
      FitEnd end = fit.train(batches, listener, enough);
      stop.hasSomethingToKeep(false);
      Optional<TrialResult> result =
          switch (end) {
            case FitEnd.Stopped _ -> stop.isAsked() ? Optional.empty() : measure(spec, data, fit);
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

  /** Returns the steps that are done already. */
  private int goOn(DetectorFit fit, TrainingState state) throws IOException {
    try {
      int done = fit.keepIn(state);
      if (done > 0) {
        work.note("goes on after step " + done);
      }
      return done;
    } catch (WeightsException damaged) {
      work.note(Failure.describe(damaged) + ": it is not used");
      return 0;
    }
  }

  /** Whether it only has to show that it can learn its images by heart. */
  private static boolean isSimulation(DetectorTrainingSpec spec) {
    return spec.evaluateOn() == Split.TRAIN && spec.acceptance().minAP() > 0;
  }

  private boolean passes(DetectorTrainingSpec spec, TrainingData data, DetectorFit fit) {
    return detections(spec, data, fit)
        .map(DetectedBox::of)
        .map(boxes -> CocoEvaluation.evaluateBoxes(data.evaluation().dataset(), boxes))
        .filter(metrics -> metrics.ap() >= spec.acceptance().minAP())
        .isPresent();
  }

  /** Of the images to measure on; empty if it was stopped. */
  private Optional<List<Detections>> detections(
      DetectorTrainingSpec spec, TrainingData data, DetectorFit fit) {
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
    return Optional.of(found);
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
          "spec.accelerator.count: is %d, but there are %d GPUs here; 0 trains on CPU"
              .formatted(count, Torch.gpus()));
    }
  }

  private Optional<TrialResult> measure(
      DetectorTrainingSpec spec, TrainingData data, DetectorFit fit) throws IOException {
    Optional<List<Detections>> found = detections(spec, data, fit);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<DetectedBox> boxes = DetectedBox.of(found.get());
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
