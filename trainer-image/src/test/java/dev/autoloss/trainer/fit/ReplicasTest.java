package dev.autoloss.trainer.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
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
import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.data.Batch;
import dev.autoloss.trainer.data.BatchSource;
import dev.autoloss.trainer.data.Categories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of a batch, one after the other or side by side, against each other and a whole batch. */
class ReplicasTest {
  private static final Categories CATEGORIES =
      new Categories(List.of(1L, 5L), List.of("dark", "bright"));
  private static final int SIDE = 64;
  private static final int STEPS = 3;

  /** Of weights after three steps, relative to how far they have moved: another order of sums. */
  private static final double ROUNDING = 1e-3;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    Engines.prepare(2);
  }

  /** How a batch is divided. */
  private record Division(int batch, int replicas, int microBatches) {}

  private static DetectorTrainingSpec spec(Architecture architecture, Division division) {
    return new DetectorTrainingSpec(
        new Detector(
            architecture,
            Backbone.SMALL,
            new Preprocessing(ChannelOrder.RGB, List.of(0., 0., 0.), List.of(1., 1., 1.))),
        null,
        new LossChoice(null, null, BoxWeighting.INTENDED),
        new Schedule(
            1,
            division.batch(),
            .01,
            .9,
            1e-4,
            new WarmUp(0, 1),
            List.of(),
            .1,
            null,
            new Resize(SIDE, SIDE),
            0,
            division.microBatches()),
        5,
        null,
        new Accelerator("nvidia.com/gpu", 0, 2, division.replicas()),
        Split.VALIDATION,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** Batches of squares on noise; the second image of each four is empty. */
  private record Squares(int images, boolean repeated) implements BatchSource {
    @Override
    public Categories categories() {
      return CATEGORIES;
    }

    @Override
    public int batches() {
      return STEPS;
    }

    @Override
    public Iterator<Batch> epoch(int epoch, int first) {
      return IntStream.range(first, STEPS).mapToObj(this::batch).iterator();
    }

    /** With {@code repeated} all images of a batch are the same. */
    Batch batch(int number) {
      float[] pixels = new float[images * 3 * SIDE * SIDE];
      List<Batch.Sample> samples = new ArrayList<>();
      for (int image = 0; image < images; image++) {
        long id = repeated ? number : (long) number * images + image;
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(id);
        int size = random.nextInt(16, 28);
        int left = random.nextInt(SIDE - size);
        int top = random.nextInt(SIDE - size);
        boolean empty = !repeated && image % 4 == 1;
        for (int i = 0; i < 3 * SIDE * SIDE; i++) {
          int y = i / SIDE % SIDE;
          int x = i % SIDE;
          boolean inside = x >= left && x < left + size && y >= top && y < top + size;
          pixels[image * 3 * SIDE * SIDE + i] =
              (float) random.nextGaussian() * .2f + (inside && !empty ? 1 : 0);
        }
        float[] box = {left, top, left + size, top + size};
        samples.add(
            new Batch.Sample(
                id,
                SIDE,
                SIDE,
                SIDE,
                SIDE,
                empty ? new float[0] : box,
                empty ? new int[0] : new int[] {1}));
      }
      return new Batch(pixels, SIDE, SIDE, samples);
    }
  }

  private byte[] trained(Architecture architecture, Division division) throws IOException {
    return trained(architecture, division, new Squares(division.batch(), false));
  }

  private byte[] trained(Architecture architecture, Division division, BatchSource source)
      throws IOException {
    Path file = folder.resolve("weights");
    try (var fit = new DetectorFit(spec(architecture, division), CATEGORIES, STEPS)) {
      assertInstanceOf(FitEnd.Trained.class, fit.train(source, _ -> {}, () -> false));
      fit.saveCheckpoint(file);
    }
    return Files.readAllBytes(file);
  }

  /** The greatest difference, relative to the greatest movement of all parameters. */
  private double difference(Architecture architecture, byte[] one, byte[] other)
      throws IOException {
    Path file = folder.resolve("start");
    try (var fit = new DetectorFit(spec(architecture, new Division(1, 1, 1)), CATEGORIES, STEPS)) {
      fit.saveCheckpoint(file);
    }
    Fixture start = Fixture.parse(Files.readAllBytes(file));
    Fixture first = Fixture.parse(one);
    Fixture second = Fixture.parse(other);
    double greatest = 0;
    double movement = 0;
    for (String name : start.names()) {
      float[] from = start.floats(name);
      float[] a = first.floats(name);
      float[] b = second.floats(name);
      for (int i = 0; i < a.length; i++) {
        greatest = Math.max(greatest, Math.abs((double) a[i] - b[i]));
        movement = Math.max(movement, Math.abs((double) a[i] - from[i]));
      }
    }
    assertTrue(movement > 1e-4, "moved by " + movement);
    return greatest / movement;
  }

  @ParameterizedTest
  @CsvSource({"FCOS, 2", "FCOS, 4", "FASTER_RCNN, 2", "FASTER_RCNN, 4"})
  void replicasEqualMicroBatchesOneAfterTheOther(Architecture architecture, int parts)
      throws IOException {
    byte[] sideBySide = trained(architecture, new Division(4, parts, 1));
    byte[] inTurn = trained(architecture, new Division(4, 1, parts));
    double difference = difference(architecture, sideBySide, inTurn);
    assertTrue(difference <= ROUNDING, "differs by " + difference);
  }

  @ParameterizedTest
  @CsvSource({"2", "4"})
  void reducedDivisorsEqualOneReplicaWithTheWholeBatch(int parts) throws IOException {
    byte[] divided = trained(Architecture.ATSS, new Division(4, parts, 1));
    byte[] whole = trained(Architecture.ATSS, new Division(4, 1, 1));
    double difference = difference(Architecture.ATSS, divided, whole);
    assertTrue(difference <= ROUNDING, "differs by " + difference);
  }

  /** So that the test above says something: divided without asking one another, it is not equal. */
  @Test
  void divisorsOfMicroBatchesAreTheirOwn() throws IOException {
    byte[] inTurn = trained(Architecture.ATSS, new Division(4, 1, 4));
    byte[] whole = trained(Architecture.ATSS, new Division(4, 1, 1));
    double difference = difference(Architecture.ATSS, inTurn, whole);
    assertTrue(difference > 10 * ROUNDING, "differs by " + difference);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 1", "2, 2", "4, 1"})
  void theMeanOverTheSameImageIsThatOfTheImage(int replicas, int microBatches) throws IOException {
    int images = replicas * microBatches;
    byte[] divided =
        trained(
            Architecture.FCOS,
            new Division(images, replicas, microBatches),
            new Squares(images, true));
    byte[] alone = trained(Architecture.FCOS, new Division(1, 1, 1), new Squares(1, true));
    double difference = difference(Architecture.FCOS, divided, alone);
    assertTrue(difference <= ROUNDING, "differs by " + difference);
  }

  @Test
  void replicasRepeatThemselvesToTheLastBit() throws IOException {
    var division = new Division(4, 4, 1);
    assertArrayEquals(trained(Architecture.ATSS, division), trained(Architecture.ATSS, division));
  }

  @Test
  void aBatchThatCannotBeDividedIsNamed() {
    var thrown =
        assertThrows(
            DocumentException.class,
            () ->
                new DetectorFit(spec(Architecture.FCOS, new Division(6, 2, 2)), CATEGORIES, STEPS)
                    .close());
    assertEquals(
        "spec.schedule.batchSize: expected a multiple of 4, replicas times accumulation, found 6",
        thrown.getMessage());
  }

  /** The others wait for its numbers. */
  @Test
  void aReplicaThatFailsEndsTheTrainingWithItsFailure() throws IOException {
    Batch sound = new Squares(4, false).batch(0);
    List<Batch.Sample> samples = new ArrayList<>(sound.samples());
    Batch.Sample last = samples.removeLast();
    // A box without a label: the last replica cannot say what is true.
    samples.add(
        new Batch.Sample(last.imageId(), SIDE, SIDE, SIDE, SIDE, last.boxes(), new int[] {1, 1}));
    var source =
        new BatchSource() {
          @Override
          public Categories categories() {
            return CATEGORIES;
          }

          @Override
          public int batches() {
            return 1;
          }

          @Override
          public Iterator<Batch> epoch(int epoch, int first) {
            return Collections.singleton(
                    new Batch(sound.pixels(), SIDE, SIDE, Collections.unmodifiableList(samples)))
                .iterator();
          }
        };
    try (var fit = new DetectorFit(spec(Architecture.ATSS, new Division(4, 4, 1)), CATEGORIES, 1)) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () ->
              assertThrows(
                  IndexOutOfBoundsException.class, () -> fit.train(source, _ -> {}, () -> false)));
    }
  }
}
