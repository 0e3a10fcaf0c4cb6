package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.mask.Bitmap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two-stage detectors from a document to detections. */
class TwoStageFitTest {
  private static final Categories CATEGORIES =
      new Categories(List.of(1L, 5L), List.of("dark", "bright"));
  private static final int SIDE = 64;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  private static DetectorTrainingSpec spec(Architecture architecture, long seed) {
    return new DetectorTrainingSpec(
        new Detector(
            architecture,
            Backbone.SMALL,
            new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.))),
        null,
        new LossChoice(null, null, BoxWeighting.INTENDED),
        new Schedule(
            1, 1, .02, .9, 1e-4, new WarmUp(5, .1), List.of(), .1, 10.0, new Resize(SIDE, SIDE), 0),
        seed,
        new Accelerator("nvidia.com/gpu", 0, 2),
        Split.VALIDATION,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** A square of one of two shades on noise in each image. */
  private record Squares(int batches) implements BatchSource {
    @Override
    public Categories categories() {
      return CATEGORIES;
    }

    @Override
    public Iterator<Batch> epoch(int epoch, int first) {
      return IntStream.range(first, batches).mapToObj(Squares::batch).iterator();
    }

    static Batch batch(int number) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(number);
      int size = random.nextInt(16, 32);
      int left = random.nextInt(SIDE - size);
      int top = random.nextInt(SIDE - size);
      int label = random.nextInt(2);
      float[] pixels = new float[3 * SIDE * SIDE];
      boolean[] mask = new boolean[SIDE * SIDE];
      for (int i = 0; i < pixels.length; i++) {
        int y = i / SIDE % SIDE;
        int x = i % SIDE;
        boolean inside = x >= left && x < left + size && y >= top && y < top + size;
        mask[i % mask.length] = inside;
        pixels[i] = (float) random.nextGaussian() * .2f + (inside ? 2 * label - 1 : 0);
      }
      float[] box = {left, top, left + size, top + size};
      var sample =
          new Batch.Sample(
              number,
              SIDE,
              SIDE,
              SIDE,
              SIDE,
              box,
              new int[] {label},
              List.of(new Bitmap(SIDE, SIDE, mask)));
      return new Batch(pixels, SIDE, SIDE, List.of(sample));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Architecture.class,
      names = {"FASTER_RCNN", "CASCADE_RCNN", "MASK_RCNN"})
  void theSameSeedGivesTheSameBitsAndAnotherOneDoesNot(Architecture architecture)
      throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      try (var fit = new DetectorFit(spec(architecture, seed), CATEGORIES, 4)) {
        assertInstanceOf(FitEnd.Trained.class, fit.train(new Squares(4), _ -> {}, () -> false));
        Path file = folder.resolve("seed" + files.size());
        fit.saveCheckpoint(file);
        files.add(Files.readAllBytes(file));
        Detections found = fit.detect(Squares.batch(99)).getFirst();
        assertTrue(found.count() <= 100);
        assertEquals(
            architecture == Architecture.MASK_RCNN ? found.count() : 0, found.masks().size());
      }
    }
    assertArrayEquals(files.get(0), files.get(1));
    assertFalse(Arrays.equals(files.get(0), files.get(2)));
  }
}
