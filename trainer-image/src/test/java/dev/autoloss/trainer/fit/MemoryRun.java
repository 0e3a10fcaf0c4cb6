package dev.autoloss.trainer.fit;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Split;
import dev.autoloss.api.WarmUp;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Watches memory over a long training: resident memory and the engine's arrays that outlive a step.
 * Batches of two images, upright and lying ones in turns, with changing numbers of objects.
 *
 * <p>Arguments: architecture, backbone, long side of the images, steps. Exits with 1 if memory grew
 * by more than 2 % after the first 100 steps, or the arrays by one.
 */
final class MemoryRun {
  private static final int SETTLED = 100;
  private static final int REPORTS = 20;
  private static final double MOST_GROWTH = 1.02;

  private MemoryRun() {}

  public static void main(String[] arguments) throws IOException {
    Engines.prepare(2);
    int steps = Integer.parseInt(arguments[3]);
    var source = new Noise(Integer.parseInt(arguments[2]), steps);
    var spec = spec(Architecture.valueOf(arguments[0]), Backbone.valueOf(arguments[1]));
    List<Long> kibibytes = new ArrayList<>();
    List<Integer> arrays = new ArrayList<>();
    try (var fit = new DetectorFit(spec, source.categories(), steps)) {
      FitEnd end =
          fit.train(
              source,
              _ -> {},
              () -> {
                kibibytes.add(residentKibibytes());
                arrays.add(fit.lastingTensors());
                return false;
              });
      System.out.println(end);
    }
    for (int step = 0; step < steps; step += Math.max(1, steps / REPORTS)) {
      report(step, kibibytes, arrays);
    }
    report(steps - 1, kibibytes, arrays);
    long settled =
        kibibytes.subList(0, SETTLED).stream().mapToLong(Long::longValue).max().orElse(0);
    long most = kibibytes.stream().mapToLong(Long::longValue).max().orElse(0);
    double growth = (double) most / settled;
    System.out.printf(
        Locale.ROOT,
        "most in the first %d steps %d MiB, most in all %d MiB: %+.2f %%; arrays %d, then %d%n",
        SETTLED,
        settled >> 10,
        most >> 10,
        100 * (growth - 1),
        arrays.get(SETTLED),
        arrays.getLast());
    if (growth > MOST_GROWTH || !arrays.get(SETTLED).equals(arrays.getLast())) {
      System.exit(1);
    }
  }

  private static void report(int step, List<Long> kibibytes, List<Integer> arrays) {
    System.out.printf(
        Locale.ROOT,
        "step %4d: %5d MiB, %d arrays%n",
        step + 1,
        kibibytes.get(step) >> 10,
        arrays.get(step));
  }

  private static long residentKibibytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DetectorTrainingSpec spec(Architecture architecture, Backbone backbone) {
    return new DetectorTrainingSpec(
        new Detector(
            architecture,
            backbone,
            new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.))),
        null,
        new LossChoice(null, null, BoxWeighting.INTENDED),
        new Schedule(
            1, 2, .001, .9, 1e-4, new WarmUp(0, 1), List.of(), .1, 10., new Resize(64, 64), 0),
        1,
        new Accelerator("nvidia.com/gpu", 0, 2),
        Split.VALIDATION,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * Noise with boxes.
   *
   * @param side long side of the images; the other is three quarters of it
   */
  private record Noise(int side, int batches) implements BatchSource {
    @Override
    public Categories categories() {
      return new Categories(List.of(1L, 2L), List.of("one", "two"));
    }

    @Override
    public Iterator<Batch> epoch(int epoch, int first) {
      return IntStream.range(first, batches).mapToObj(this::batch).iterator();
    }

    private Batch batch(int number) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(number);
      int shorter = (side * 3 / 4 + 31) / 32 * 32;
      int height = number % 2 == 0 ? side : shorter;
      int width = number % 2 == 0 ? shorter : side;
      float[] pixels = new float[2 * 3 * height * width];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextFloat() - .5f;
      }
      List<Batch.Sample> samples = new ArrayList<>();
      for (int image = 0; image < 2; image++) {
        int objects = random.nextInt(12);
        float[] boxes = new float[4 * objects];
        int[] labels = new int[objects];
        for (int i = 0; i < objects; i++) {
          boxes[4 * i] = random.nextInt(width / 2);
          boxes[4 * i + 1] = random.nextInt(height / 2);
          boxes[4 * i + 2] = boxes[4 * i] + random.nextInt(8, width / 2);
          boxes[4 * i + 3] = boxes[4 * i + 1] + random.nextInt(8, height / 2);
          labels[i] = random.nextInt(2);
        }
        samples.add(
            new Batch.Sample(2L * number + image, height, width, height, width, boxes, labels));
      }
      return new Batch(pixels, height, width, samples);
    }
  }
}
