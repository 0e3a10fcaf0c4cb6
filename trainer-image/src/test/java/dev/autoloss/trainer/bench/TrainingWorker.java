package dev.autoloss.trainer.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Compatibility;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Norm;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Split;
import dev.autoloss.api.Style;
import dev.autoloss.api.WarmUp;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.fit.DetectorFit;
import dev.autoloss.trainer.fit.Engines;
import dev.autoloss.trainer.fit.FitEnd;
import dev.autoloss.trainer.weights.StartingWeights;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Trains on request: reads numbers of steps from stdin, a line each, and answers each with the
 * milliseconds, on the clock and of the processors, that each of these steps took. {@code
 * bench/train_peer.py} does the same with torchvision, on the same images and from the same
 * weights.
 *
 * <p>Arguments: architecture, loss (default or searched), threads, batches of how many images, file
 * of weights (or - for random ones).
 */
final class TrainingWorker {
  private static final int SIDE = 320;
  private static final int CLASSES = 80;
  private static final int OBJECTS = 8;
  private static final int EPOCH = 1_000_000;
  private static final double NANOS_A_MILLI = 1e6;

  private TrainingWorker() {}

  public static void main(String[] arguments) throws IOException {
    Architecture architecture = Architecture.valueOf(arguments[0]);
    int threads = Integer.parseInt(arguments[2]);
    Engines.prepare(threads);
    int images = Integer.parseInt(arguments[3]);
    var requests =
        new Requests(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            System.out,
            images);
    var spec = spec(architecture, loss(architecture, arguments[1]), threads, images);
    try (var fit = new DetectorFit(spec, requests.categories(), EPOCH)) {
      if (!arguments[4].equals("-")) {
        fit.startFrom(StartingWeights.read(Path.of(arguments[4])));
      }
      FitEnd end = fit.train(requests, _ -> {}, () -> requests.ended);
      if (!(end instanceof FitEnd.Stopped)) {
        System.err.println(end);
        System.exit(1);
      }
    }
  }

  /** Of all threads, the compiler's and the collector's too. */
  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  static LossChoice loss(Architecture architecture, String name) {
    String letter =
        switch (architecture) {
          case FCOS, ATSS -> "B";
          case FASTER_RCNN, CASCADE_RCNN, MASK_RCNN -> "A";
        };
    return switch (name) {
      case "default" -> new LossChoice(null, null, BoxWeighting.INTENDED);
      case "searched" ->
          new LossChoice(
              new LossTerm("Cse" + letter + "Classification", null, 1),
              new LossTerm("Cse" + letter + "Regression", null, 1),
              BoxWeighting.INTENDED);
      default -> throw new IllegalArgumentException(name);
    };
  }

  static DetectorTrainingSpec spec(
      Architecture architecture, LossChoice loss, int threads, int images) {
    var preprocessing =
        new Preprocessing(
            ChannelOrder.RGB, List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375));
    var detector =
        new Detector(
            architecture,
            Backbone.RESNET_50,
            Style.PYTORCH,
            Norm.FROZEN_BN,
            1,
            "weights.pth",
            preprocessing,
            // The job of the peer: its scales and shifts are constants, its regions sampled 2 × 2.
            Compatibility.TORCHVISION);
    // A rate at which nothing moves much: what is measured is the time of a step, not what it does.
    var schedule =
        new Schedule(
            1,
            images,
            1e-6,
            0.9,
            1e-4,
            new WarmUp(0, 1),
            List.of(),
            0.1,
            null,
            new Resize(SIDE, SIDE),
            0);
    return new DetectorTrainingSpec(
        detector,
        null,
        loss,
        schedule,
        1,
        new Accelerator("nvidia.com/gpu", 0, threads),
        Split.VALIDATION,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Images of noise with boxes, the same as the peer's; an epoch that waits for requests. */
  private static final class Requests implements BatchSource {
    private final BufferedReader in;
    private final PrintStream out;
    private final Batch batch;
    private boolean ended;

    Requests(BufferedReader in, PrintStream out, int images) {
      this.in = in;
      this.out = out;
      this.batch = batch(images);
    }

    @Override
    public Categories categories() {
      return new Categories(
          LongStream.rangeClosed(1, CLASSES).boxed().toList(),
          IntStream.rangeClosed(1, CLASSES).mapToObj(Integer::toString).toList());
    }

    @Override
    public int batches() {
      return EPOCH;
    }

    @Override
    public Iterator<Batch> epoch(int epoch, int first) {
      return new Iterator<>() {
        private final List<String> millis = new ArrayList<>();
        private int left;
        private long start;
        private long startOfProcessor;

        @Override
        public boolean hasNext() {
          if (left > 0) {
            millis.add(
                String.format(
                    Locale.ROOT,
                    "%.2f/%.2f",
                    (System.nanoTime() - start) / NANOS_A_MILLI,
                    (processorNanos() - startOfProcessor) / NANOS_A_MILLI));
            left--;
            if (left == 0) {
              out.println(String.join(" ", millis));
              out.flush();
              millis.clear();
            }
          }
          return true;
        }

        @Override
        public Batch next() {
          if (left == 0) {
            left = request();
          }
          startOfProcessor = processorNanos();
          start = System.nanoTime();
          return batch;
        }
      };
    }

    private int request() {
      try {
        String line = in.readLine();
        ended = line == null;
        return ended ? 1 : Integer.parseInt(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Noise and boxes by arithmetic that is easily repeated elsewhere. */
  static Batch batch(int images) {
    float[] pixels = new float[images * 3 * SIDE * SIDE];
    int state = 1;
    for (int i = 0; i < pixels.length; i++) {
      state = state * 1664525 + 1013904223;
      pixels[i] = (state >>> 8) / (float) (1 << 23) - 1;
    }
    List<Batch.Sample> samples = new ArrayList<>();
    for (int image = 0; image < images; image++) {
      float[] boxes = new float[4 * OBJECTS];
      int[] labels = new int[OBJECTS];
      for (int i = 0; i < OBJECTS; i++) {
        int number = image * OBJECTS + i;
        boxes[4 * i] = number * 37 % 160;
        boxes[4 * i + 1] = number * 53 % 160;
        boxes[4 * i + 2] = boxes[4 * i] + 24 + number * 29 % 130;
        boxes[4 * i + 3] = boxes[4 * i + 1] + 24 + number * 41 % 130;
        labels[i] = number * 7 % CLASSES;
      }
      samples.add(new Batch.Sample(image + 1L, SIDE, SIDE, SIDE, SIDE, boxes, labels));
    }
    return new Batch(pixels, SIDE, SIDE, samples);
  }
}
