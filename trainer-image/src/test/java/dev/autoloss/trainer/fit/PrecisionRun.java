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
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Trains FCOS with the small backbone on generated shapes for 200 steps, in single precision and in
 * bfloat16 with the same three seeds. The mean loss of steps 100 to 200 in bfloat16 has to lie
 * within those of single precision, for the first seed and for the average of all three: the one
 * alone is mostly chance, since of four equal draws the last lies outside of the others half of the
 * time. Exits with 1 if either does not.
 */
final class PrecisionRun {
  private static final int STEPS = 200;
  private static final int FROM = 100;
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

  private PrecisionRun() {}

  public static void main(String[] arguments) throws IOException {
    Engines.prepare(2);
    var single = new DoubleSummaryStatistics();
    var brain = new DoubleSummaryStatistics();
    double first = Double.NaN;
    for (long seed : SEEDS) {
      double inSingle = loss(seed, Precision.FLOAT_32);
      double inBrain = loss(seed, Precision.BFLOAT_16);
      single.accept(inSingle);
      brain.accept(inBrain);
      first = Double.isNaN(first) ? inBrain : first;
      System.out.printf(
          Locale.ROOT,
          "seed %d: float32 %.4f, bfloat16 %.4f (%+.4f)%n",
          seed,
          inSingle,
          inBrain,
          inBrain - inSingle);
    }
    double mean = brain.getAverage();
    boolean inside = isWithin(single, first) && isWithin(single, mean);
    System.out.printf(
        Locale.ROOT,
        "float32 %.4f to %.4f, mean %.4f; bfloat16 %.4f to %.4f, mean %.4f: %s%n",
        single.getMin(),
        single.getMax(),
        single.getAverage(),
        brain.getMin(),
        brain.getMax(),
        mean,
        inside ? "inside" : "OUTSIDE");
    if (!inside) {
      System.exit(1);
    }
  }

  private static boolean isWithin(DoubleSummaryStatistics spread, double loss) {
    return loss >= spread.getMin() && loss <= spread.getMax();
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
