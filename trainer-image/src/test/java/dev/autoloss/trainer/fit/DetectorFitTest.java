package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.Accelerator;
import dev.autoloss.api.Architecture;
import dev.autoloss.api.Backbone;
import dev.autoloss.api.BoxWeighting;
import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Detector;
import dev.autoloss.api.DetectorTrainingSpec;
import dev.autoloss.api.LossChoice;
import dev.autoloss.api.LossTerm;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Progress;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Split;
import dev.autoloss.api.WarmUp;
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.Detections;
import dev.autoloss.trainer.weights.TrainingState;
import dev.autoloss.trainer.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectorFitTest {
  private static final Categories CATEGORIES =
      new Categories(List.of(1L, 5L), List.of("dark", "bright"));
  private static final LossChoice DEFAULTS = new LossChoice(null, null, BoxWeighting.INTENDED);

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  private static DetectorTrainingSpec spec(LossChoice loss, int epochs, double rate, long seed) {
    return spec(loss, epochs, List.of(), rate, seed);
  }

  private static DetectorTrainingSpec spec(
      LossChoice loss, int epochs, List<Integer> decays, double rate, long seed) {
    var detector =
        new Detector(
            Architecture.FCOS,
            Backbone.SMALL,
            new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.)));
    var schedule =
        new Schedule(
            epochs,
            2,
            rate,
            0.9,
            1e-4,
            new WarmUp(5, 0.1),
            decays,
            0.1,
            10.0,
            new Resize(64, 64),
            0);
    return new DetectorTrainingSpec(
        detector,
        null,
        loss,
        schedule,
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

  /** Squares on noise, one an image, in images of differing sizes; every third image is empty. */
  private static final class Squares implements BatchSource {
    private static final int SIDE = 64;
    private final int batches;
    private final boolean objects;

    Squares(int batches, boolean objects) {
      this.batches = batches;
      this.objects = objects;
    }

    @Override
    public Categories categories() {
      return CATEGORIES;
    }

    @Override
    public int batches() {
      return batches;
    }

    @Override
    public Iterator<Batch> epoch(int epoch, int first) {
      return IntStream.range(first, batches).mapToObj(i -> batch(1000L * epoch + i)).iterator();
    }

    Batch batch(long seed) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      float[] pixels = new float[2 * 3 * SIDE * SIDE];
      List<Batch.Sample> samples = new ArrayList<>();
      for (int image = 0; image < 2; image++) {
        int height = image == 0 ? SIDE : 48;
        int label = random.nextInt(2);
        int size = random.nextInt(16, 28);
        int left = random.nextInt(SIDE - size);
        int top = random.nextInt(height - size);
        boolean empty = !objects || (seed + image) % 3 == 0;
        for (int i = 0; i < 3 * SIDE * SIDE; i++) {
          int y = i / SIDE % SIDE;
          int x = i % SIDE;
          boolean inside = !empty && x >= left && x < left + size && y >= top && y < top + size;
          float value = (float) random.nextGaussian() * 0.2f;
          if (y < height) {
            pixels[image * 3 * SIDE * SIDE + i] = inside ? value + 2 * label - 1 : value;
          }
        }
        float[] boxes = {left, top, left + size, top + size};
        samples.add(
            new Batch.Sample(
                seed * 2 + image,
                height,
                SIDE,
                2 * height,
                3 * SIDE,
                empty ? new float[0] : boxes,
                empty ? new int[0] : new int[] {label}));
      }
      return new Batch(pixels, SIDE, SIDE, samples);
    }
  }

  private byte[] checkpoint(DetectorFit fit, String name) throws IOException {
    Path file = folder.resolve(name);
    fit.saveCheckpoint(file);
    return Files.readAllBytes(file);
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherOneDoesNot() throws IOException {
    List<byte[]> files = new ArrayList<>();
    var source = new Squares(6, true);
    for (long seed : new long[] {7, 7, 8}) {
      try (var fit = new DetectorFit(spec(DEFAULTS, 2, 0.02, seed), CATEGORIES, 6)) {
        assertInstanceOf(FitEnd.Trained.class, fit.train(source, _ -> {}, () -> false));
        files.add(checkpoint(fit, "seed" + files.size()));
      }
    }
    assertArrayEquals(files.get(0), files.get(1));
    assertFalse(Arrays.equals(files.get(0), files.get(2)));
  }

  @Test
  void trainingLearnsToFindTheSquaresInPixelsOfTheOriginal() throws IOException {
    var source = new Squares(40, true);
    // Without a decay of the rate the last weights are a matter of the processor's rounding.
    var spec = spec(DEFAULTS, 8, List.of(6), 0.02, 1);
    try (var fit = new DetectorFit(spec, CATEGORIES, 40)) {
      fit.train(source, _ -> {}, () -> false);
      int found = 0;
      int objects = 0;
      for (int i = 0; i < 20; i++) {
        Batch batch = source.batch(1_000_000 + i);
        List<Detections> detections = fit.detect(batch);
        for (int image = 0; image < 2; image++) {
          Batch.Sample sample = batch.samples().get(image);
          assertEquals(sample.imageId(), detections.get(image).imageId());
          assertTrue(detections.get(image).count() <= 100);
          if (sample.labels().length > 0) {
            objects++;
            found += hits(sample, detections.get(image)) ? 1 : 0;
          }
        }
      }
      assertTrue(found >= 0.8 * objects, found + " of " + objects + " found");
    }
  }

  /**
   * Whether the best detection is the object, in the original's pixels: 2 times as high, 3 wide.
   */
  private static boolean hits(Batch.Sample sample, Detections detections) {
    if (detections.count() == 0 || detections.labels()[0] != sample.labels()[0]) {
      return false;
    }
    float[] box = sample.boxes();
    float[] found = detections.boxes();
    double width = Math.min(box[2] * 3, found[2]) - Math.max(box[0] * 3, found[0]);
    double height = Math.min(box[3] * 2, found[3]) - Math.max(box[1] * 2, found[1]);
    double both = Math.max(0, width) * Math.max(0, height);
    double one = 6.0 * (box[2] - box[0]) * (box[3] - box[1]);
    double other = (found[2] - found[0]) * (found[3] - found[1]);
    return both / (one + other - both) > 0.5;
  }

  @Test
  void imagesWithoutAnyObjectTrainToo() throws IOException {
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.02, 1), CATEGORIES, 10)) {
      List<Progress> told = new ArrayList<>();
      var source = new Squares(10, false);
      assertInstanceOf(FitEnd.Trained.class, fit.train(source, told::add, () -> false));
      assertEquals(0, told.getLast().regressionLoss());
      assertTrue(told.getLast().classificationLoss() >= 0);
    }
  }

  @Test
  void memoryDoesNotGrowFromStepToStep() throws IOException {
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.01, 1), CATEGORIES, 210)) {
      List<Integer> lasting = new ArrayList<>();
      FitEnd end =
          fit.train(
              new Squares(210, true),
              _ -> {},
              () -> {
                lasting.add(fit.lastingTensors());
                return false;
              });
      assertInstanceOf(FitEnd.Trained.class, end);
      assertEquals(210, lasting.size());
      assertEquals(lasting.get(1), lasting.getLast());
    }
  }

  @Test
  void stopEndsAfterTheStepAtWork() throws IOException {
    try (var fit = new DetectorFit(spec(DEFAULTS, 3, 0.01, 1), CATEGORIES, 10)) {
      int[] asked = {0};
      FitEnd end = fit.train(new Squares(10, true), _ -> {}, () -> ++asked[0] == 4);
      assertInstanceOf(FitEnd.Stopped.class, end);
      String header = new String(checkpoint(fit, "stopped"), 8, 8192, StandardCharsets.UTF_8);
      assertTrue(header.contains("\"step\":\"4\""), header);
    }
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameBits() throws IOException {
    var source = new Squares(6, true);
    Path file = folder.resolve("state");
    byte[] undisturbed;
    try (var fit = new DetectorFit(spec(DEFAULTS, 3, 0.02, 7), CATEGORIES, 6)) {
      fit.train(source, _ -> {}, () -> false);
      undisturbed = checkpoint(fit, "undisturbed");
    }
    int[] stops = {8, 12, Integer.MAX_VALUE};
    int before = 0;
    for (int stop : stops) {
      try (var fit = new DetectorFit(spec(DEFAULTS, 3, 0.02, 7), CATEGORIES, 6)) {
        assertEquals(before, fit.keepIn(new TrainingState(file, 100, Map.of("id", "a"))));
        int[] steps = {before};
        List<Progress> told = new ArrayList<>();
        FitEnd end = fit.train(source, told::add, () -> ++steps[0] == stop);
        if (stop < 18) {
          assertInstanceOf(FitEnd.Stopped.class, end);
        } else {
          assertEquals(18, told.getLast().iteration());
          assertArrayEquals(undisturbed, checkpoint(fit, "resumed"));
        }
      }
      before = stop;
    }
  }

  @Test
  void theStateOfAnotherTrainingIsNotUsedAndADamagedOneIsNamed() throws IOException {
    var source = new Squares(2, true);
    Path file = folder.resolve("state");
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.02, 7), CATEGORIES, 2)) {
      fit.keepIn(new TrainingState(file, 1, Map.of("id", "a")));
      fit.train(source, _ -> {}, () -> false);
    }
    byte[] whole = Files.readAllBytes(file);
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.02, 7), CATEGORIES, 2)) {
      assertEquals(0, fit.keepIn(new TrainingState(file, 1, Map.of("id", "b"))));
      for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
        Files.write(file, Arrays.copyOf(whole, length));
        var thrown =
            assertThrows(
                WeightsException.class,
                () -> fit.keepIn(new TrainingState(file, 1, Map.of("id", "a"))));
        assertTrue(thrown.getMessage().startsWith(file + ": "), thrown.getMessage());
      }
      Files.write(file, whole);
      assertEquals(2, fit.keepIn(new TrainingState(file, 1, Map.of("id", "a"))));
    }
  }

  @Test
  void aLossWithoutBottomDiverges() throws IOException {
    var loss =
        new LossChoice(
            new LossTerm(null, "Mul(X,Mul(X,Mul(X,3)))", 1), null, BoxWeighting.INTENDED);
    try (var fit = new DetectorFit(spec(loss, 5, 0.1, 1), CATEGORIES, 20)) {
      FitEnd end = fit.train(new Squares(20, true), _ -> {}, () -> false);
      String reason = assertInstanceOf(FitEnd.Diverged.class, end).reason();
      assertTrue(reason.startsWith("step "), reason);
      assertEquals(1, reason.lines().count());
    }
  }

  @Test
  void aLossThatIsNoNumberDivergesAtTheFirstStep() throws IOException {
    var loss = new LossChoice(new LossTerm(null, "Sqrt(X)", 1), null, BoxWeighting.INTENDED);
    try (var fit = new DetectorFit(spec(loss, 1, 0.1, 1), CATEGORIES, 20)) {
      FitEnd end = fit.train(new Squares(20, true), _ -> {}, () -> false);
      assertEquals(
          "step 1: the loss is NaN", assertInstanceOf(FitEnd.Diverged.class, end).reason());
    }
  }

  @Test
  void aWrongDocumentIsOneLine() throws IOException {
    var loss = new LossChoice(new LossTerm(null, "Sqrt(X", 1), null, BoxWeighting.INTENDED);
    var thrown =
        assertThrows(
            DocumentException.class,
            () -> new DetectorFit(spec(loss, 1, 0.1, 1), CATEGORIES, 20).close());
    assertTrue(
        thrown.getMessage().startsWith("spec.loss.classification.expression at offset 6: "),
        thrown.getMessage());
  }

  @Test
  void aCheckpointHoldsEveryParameterByName() throws IOException {
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.01, 1), CATEGORIES, 1)) {
      Fixture file = Fixture.parse(checkpoint(fit, "file"));
      assertArrayEquals(
          new long[] {2, 64, 3, 3}, file.get("head.classification_head.cls_logits.weight").shape());
      assertEquals(-Math.log(99), file.floats("head.classification_head.cls_logits.bias")[1], 1e-6);
      assertArrayEquals(
          new long[] {64, 96, 1, 1}, file.get("backbone.fpn.inner_blocks.0.0.weight").shape());
      assertEquals(1, file.floats("head.scales.2.scale")[0]);
      long numbers = file.names().stream().mapToLong(name -> file.floats(name).length).sum();
      assertTrue(numbers > 550_000 && numbers < 850_000, numbers + " parameters");
    }
  }

  @Test
  void aCheckpointThatCannotBeWrittenLeavesTheOldOneAndNoRest() throws IOException {
    try (var fit = new DetectorFit(spec(DEFAULTS, 1, 0.01, 1), CATEGORIES, 1)) {
      Path file = folder.resolve("taken");
      Files.createDirectories(file.resolve("inside"));
      assertThrows(IOException.class, () -> fit.saveCheckpoint(file));
      assertTrue(Files.isDirectory(file.resolve("inside")));
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(List.of(file), left.toList());
      }
    }
  }
}
