package dev.autoloss.trainer.fit;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.Precision;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Progress;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.api.WarmUp;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.EpochBatches;
import dev.autoloss.trainer.data.Selection;
import dev.autoloss.trainer.shapes.GeneratedShapes;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Trains FCOS with the small backbone on generated shapes for 200 steps, in single precision with
 * three seeds and in bfloat16 with the first: the mean loss of steps 100 to 200 in bfloat16 has to
 * lie within those of single precision. Exits with 1 if it does not.
 */
final class PrecisionRun {
  private static final int STEPS = 200;
  private static final int FROM = 100;
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

  private PrecisionRun() {}

  public static void main(String[] arguments) throws IOException {
    Engines.prepare(2);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (long seed : SEEDS) {
      double loss = loss(seed, Precision.FLOAT_32);
      least = Math.min(least, loss);
      most = Math.max(most, loss);
      System.out.printf(Locale.ROOT, "float32, seed %d: %.4f%n", seed, loss);
    }
    double loss = loss(SEEDS.getFirst(), Precision.BFLOAT_16);
    System.out.printf(Locale.ROOT, "bfloat16, seed %d: %.4f%n", SEEDS.getFirst(), loss);
    if (loss < least || loss > most) {
      System.exit(1);
    }
  }

  private static double loss(long seed, Precision precision) throws IOException {
    var preprocessing =
        new Preprocessing(
            ChannelOrder.RGB, List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375));
    var schedule =
        new Schedule(
            STEPS,
            4,
            .01,
            .9,
            1e-4,
            new WarmUp(20, .1),
            List.of(),
            .1,
            10.,
            new Resize(96, 96),
            .5);
    var spec =
        new DetectorTrainingSpec(
            new Detector(Architecture.FCOS, Backbone.SMALL, preprocessing),
            null,
            new LossChoice(null, null, BoxWeighting.INTENDED),
            schedule,
            seed,
            precision,
            new Accelerator("nvidia.com/gpu", 0, 2),
            Split.VALIDATION,
            null,
            null,
            null,
            null,
            null,
            null);
    var shapes = new GeneratedShapes(new ShapesSource(1, 64, 1, 96, 96), Split.TRAIN);
    CocoDataset dataset = Selection.trainable(shapes.dataset());
    var window = new Window();
    int[] steps = {0};
    try (var source = new EpochBatches(dataset, shapes, schedule, preprocessing, seed);
        var fit = new DetectorFit(spec, source.categories(), source.batches())) {
      fit.train(source, window::add, () -> ++steps[0] == STEPS);
    }
    return window.sum / window.steps;
  }

  /** The loss of the steps wanted, of which each progress tells the mean since the one before. */
  private static final class Window {
    private int before;
    private double sum;
    private int steps;

    void add(Progress progress) {
      if (before >= FROM) {
        sum += Objects.requireNonNull(progress.loss()) * (progress.iteration() - before);
        steps += progress.iteration() - before;
      }
      before = progress.iteration();
    }
  }
}
