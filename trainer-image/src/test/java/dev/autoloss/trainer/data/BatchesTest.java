package dev.autoloss.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.ChannelOrder;
import dev.autoloss.api.Preprocessing;
import dev.autoloss.api.Resize;
import dev.autoloss.api.Schedule;
import dev.autoloss.api.Subset;
import dev.autoloss.api.WarmUp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final Categories CATEGORIES =
      new Categories(List.of(1L, 4L), List.of("one", "four"));
  private static final Preprocessing RGB =
      new Preprocessing(ChannelOrder.RGB, List.of(10.0, 20.0, 30.0), List.of(2.0, 4.0, 8.0));

  /** A picture that tells position and channel apart. */
  private static final class Gradient implements ImageStore {
    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public RgbImage read(CocoImage image) {
      reads.incrementAndGet();
      if (image.fileName().startsWith("broken")) {
        throw new DataException(image.fileName() + " is broken");
      }
      byte[] pixels = new byte[3 * image.width() * image.height()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (i * 31L + image.id());
      }
      return new RgbImage(image.width(), image.height(), pixels);
    }

    @Override
    public long size(CocoImage image) {
      return image.id();
    }
  }

  private static Schedule schedule(int batchSize, double flip, int shortSide, int longSide) {
    return new Schedule(
        1,
        batchSize,
        .01,
        .9,
        0,
        new WarmUp(0, .1),
        List.of(),
        .1,
        null,
        new Resize(shortSide, longSide),
        flip);
  }

  private static CocoAnnotation box(long image, int label, double... xywh) {
    return new CocoAnnotation(
        image, label, xywh[0], xywh[1], xywh[2], xywh[3], xywh[2] * xywh[3], false);
  }

  private static CocoDataset dataset(List<CocoImage> images, CocoAnnotation... objects) {
    return new CocoDataset("x.json", CATEGORIES, images, List.of(objects));
  }

  private static List<CocoImage> images(int count) {
    List<CocoImage> images = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      images.add(new CocoImage(i, i + ".png", i % 3 == 0 ? 40 : 64, i % 3 == 0 ? 64 : 40));
    }
    return images;
  }

  private static List<Batch> epoch(BatchSource source, int epoch) {
    List<Batch> batches = new ArrayList<>();
    source.epoch(epoch).forEachRemaining(batches::add);
    return batches;
  }

  private static List<Long> ids(List<Batch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.samples().stream())
        .map(Batch.Sample::imageId)
        .toList();
  }

  @Test
  void flipsNormalisesAndPads() {
    CocoDataset one =
        dataset(
            List.of(new CocoImage(7, "a", 50, 33)),
            box(7, 1, 10, 4, 20, 8),
            box(7, 0, 40, -5, 30, 100));
    for (boolean flip : new boolean[] {false, true}) {
      try (EpochBatches source =
          new EpochBatches(one, new Gradient(), schedule(1, flip ? 1 : 0, 33, 50), RGB, 1)) {
        Batch batch = source.epoch(0).next();
        assertEquals(64, batch.height());
        assertEquals(64, batch.width());
        Batch.Sample sample = batch.samples().getFirst();
        assertEquals(33, sample.height());
        assertEquals(50, sample.width());
        assertArrayEquals(new int[] {1, 0}, sample.labels());
        // x1' = W − x2; the second box is cut to the image.
        assertArrayEquals(
            flip
                ? new float[] {20, 4, 40, 12, 0, 0, 10, 33}
                : new float[] {10, 4, 30, 12, 40, 0, 50, 33},
            sample.boxes());
        for (int c = 0; c < 3; c++) {
          for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
              int from = flip ? 49 - x : x;
              float expected =
                  x >= 50 || y >= 33
                      ? 0
                      : (float)
                          (((((y * 50 + from) * 3 + c) * 31 + 7 & 0xff) - RGB.mean().get(c))
                              / RGB.std().get(c));
              assertEquals(
                  expected, batch.pixels()[(c * 64 + y) * 64 + x], "%d %d %d".formatted(c, y, x));
            }
          }
        }
      }
    }
  }

  @Test
  void blueFirstSwapsChannelsBeforeMeanAndStd() {
    CocoDataset one = dataset(List.of(new CocoImage(1, "a", 32, 32)), box(1, 0, 1, 1, 5, 5));
    Preprocessing bgr =
        new Preprocessing(ChannelOrder.BGR, List.of(1.0, 2.0, 3.0), List.of(1.0, 1.0, 1.0));
    try (EpochBatches source =
        new EpochBatches(one, new Gradient(), schedule(1, 0, 32, 32), bgr, 1)) {
      float[] pixels = source.epoch(0).next().pixels();
      // The first pixel's bytes are 1, 32, 63.
      assertEquals(63 - 1, pixels[0]);
      assertEquals(32 - 2, pixels[1024]);
      assertEquals(1 - 3, pixels[2048]);
    }
  }

  @Test
  void boxesAreScaledByTheExactRatioOfEachAxis() {
    // 101 × 67 to short side 32: f = 32/67, width int(48.24 + .5) = 48, so x scales by 48/101.
    CocoDataset one = dataset(List.of(new CocoImage(1, "a", 101, 67)), box(1, 0, 10, 10, 50, 40));
    try (EpochBatches source =
        new EpochBatches(one, new Gradient(), schedule(1, 0, 32, 1000), RGB, 1)) {
      Batch.Sample sample = source.epoch(0).next().samples().getFirst();
      assertEquals(48, sample.width());
      assertArrayEquals(
          new float[] {
            (float) (10 * 48 / 101.0),
            (float) (10 * 32 / 67.0),
            (float) (60 * 48 / 101.0),
            (float) (50 * 32 / 67.0)
          },
          sample.boxes());
    }
  }

  @Test
  void leavesOutBoxesThatCannotBeTrainedOn() {
    CocoImage image = new CocoImage(1, "a", 50, 50);
    CocoDataset one =
        dataset(
            List.of(image),
            box(1, 0, 5, 5, .9, 20),
            box(1, 0, 5, 5, 20, .9),
            box(1, 0, 50, 5, 20, 20),
            box(1, 0, -20, 5, 20, 20),
            new CocoAnnotation(1, 0, 5, 5, 20, 20, 400, true),
            box(1, 1, 5, 5, 1, 1));
    try (EpochBatches source =
        new EpochBatches(one, new Gradient(), schedule(1, 0, 50, 50), RGB, 1)) {
      assertArrayEquals(new int[] {1}, source.epoch(0).next().samples().getFirst().labels());
    }
  }

  @Test
  void anEpochIsTheSameWhateverWasDrawnBefore() {
    CocoDataset data = dataset(images(20), box(1, 0, 1, 1, 9, 9));
    try (EpochBatches first =
            new EpochBatches(data, new Gradient(), schedule(4, .5, 40, 64), RGB, 3);
        EpochBatches second =
            new EpochBatches(data, new Gradient(), schedule(4, .5, 40, 64), RGB, 3);
        EpochBatches other =
            new EpochBatches(data, new Gradient(), schedule(4, .5, 40, 64), RGB, 4)) {
      epoch(first, 0);
      // Left after one batch, as a training that stops does.
      first.epoch(5).next();
      List<Batch> a = epoch(first, 2);
      List<Batch> b = epoch(second, 2);
      assertEquals(ids(a), ids(b));
      for (int i = 0; i < a.size(); i++) {
        assertArrayEquals(a.get(i).pixels(), b.get(i).pixels());
      }
      assertNotEquals(ids(a), ids(epoch(first, 3)));
      assertNotEquals(ids(a), ids(epoch(other, 2)));
    }
  }

  @Test
  void everyImageComesAndBatchesAreOfOneAspect() {
    // 6 of 20 are upright: with batches of 4, two of those and four of the others, 24 in all.
    CocoDataset data = dataset(images(20), box(1, 0, 1, 1, 9, 9));
    try (EpochBatches source =
        new EpochBatches(data, new Gradient(), schedule(4, .5, 40, 64), RGB, 3)) {
      List<Batch> batches = epoch(source, 0);
      assertEquals(6, source.batches());
      assertEquals(6, batches.size());
      assertEquals(20, new HashSet<>(ids(batches)).size());
      for (Batch batch : batches) {
        assertEquals(4, batch.samples().size());
        assertEquals(
            1, batch.samples().stream().map(s -> s.width() > s.height()).distinct().count());
      }
    }
  }

  @Test
  void flipsAboutAsOftenAsAsked() {
    CocoDataset data = dataset(images(1), box(1, 0, 0, 0, 9, 9));
    try (EpochBatches source =
        new EpochBatches(data, new Gradient(), schedule(100, .3, 40, 64), RGB, 3)) {
      long flipped = 0;
      for (int epoch = 0; epoch < 20; epoch++) {
        flipped +=
            source.epoch(epoch).next().samples().stream().filter(s -> s.boxes()[0] > 0).count();
      }
      // 2000 draws at .3: three standard deviations are 61.
      assertTrue(Math.abs(flipped - 600) < 61, flipped + " of 2000, seed 3");
    }
  }

  @Test
  void imagesAreReadOnceWhileTheyFit() {
    CocoDataset data = dataset(images(8), box(1, 0, 1, 1, 9, 9));
    Gradient store = new Gradient();
    try (EpochBatches source = new EpochBatches(data, store, schedule(2, .5, 40, 64), RGB, 3)) {
      for (int epoch = 0; epoch < 4; epoch++) {
        epoch(source, epoch);
      }
    }
    assertTrue(store.reads.get() <= 16, store.reads + " reads: two threads may meet once");
  }

  @Test
  void theCacheKeepsItsBound() {
    Gradient store = new Gradient();
    // Room for one image of 40 × 64 and not for two.
    ResizedImages images =
        new ResizedImages(images(4), store, new Resize(40, 64), 3 * 40 * 64 + 100);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 4; i++) {
        images.read(i);
      }
    }
    assertEquals(1 + 3 * 3, store.reads.get());
  }

  @Test
  void aBrokenImageIsThrownByTheIterator() {
    CocoDataset data =
        dataset(List.of(new CocoImage(1, "broken.png", 40, 40)), box(1, 0, 1, 1, 9, 9));
    try (EpochBatches source =
        new EpochBatches(data, new Gradient(), schedule(2, .5, 40, 64), RGB, 3)) {
      Iterator<Batch> epoch = source.epoch(0);
      assertEquals(
          "broken.png is broken", assertThrows(DataException.class, epoch::next).getMessage());
    }
  }

  @Test
  void evaluationHasEveryImageOnceAndEqualPaddedSizes() {
    List<CocoImage> images = new ArrayList<>(images(10));
    images.add(new CocoImage(99, "99.png", 200, 40));
    CocoDataset data = dataset(images, box(1, 0, 1, 1, 9, 9));
    try (EvaluationBatches source =
        new EvaluationBatches(data, new Gradient(), schedule(4, 1, 40, 200), RGB)) {
      List<Batch> batches = epoch(source, 0);
      assertEquals(source.batches(), batches.size());
      assertEquals(11, ids(batches).size());
      assertEquals(11, Set.copyOf(ids(batches)).size());
      assertEquals(ids(batches), ids(epoch(source, 1)));
      for (Batch batch : batches) {
        for (Batch.Sample sample : batch.samples()) {
          assertEquals(batch.height(), BatchAssembler.padded(sample.height()));
          assertEquals(batch.width(), BatchAssembler.padded(sample.width()));
        }
      }
      Batch.Sample first =
          batches.stream()
              .flatMap(batch -> batch.samples().stream())
              .filter(sample -> sample.imageId() == 1)
              .findFirst()
              .orElseThrow();
      assertArrayEquals(new float[] {1, 1, 10, 10}, first.boxes(), "never flipped");
    }
  }

  @Test
  void trainableImagesHaveAnAnnotationAndASize() {
    CocoDataset data =
        dataset(
            List.of(
                new CocoImage(1, "a", 31, 100),
                new CocoImage(2, "b", 32, 32),
                new CocoImage(3, "c", 100, 100),
                new CocoImage(4, "d", 100, 100)),
            box(1, 0, 1, 1, 9, 9),
            box(2, 0, 1, 1, 9, 9),
            new CocoAnnotation(4, 0, 1, 1, 9, 9, 81, true));
    CocoDataset kept = Selection.trainable(data);
    assertEquals(List.of(2L, 4L), kept.images().stream().map(CocoImage::id).toList());
    assertEquals(2, kept.annotations().size());
    DataException none =
        assertThrows(DataException.class, () -> Selection.trainable(dataset(images(3))));
    assertTrue(
        none.getMessage().startsWith("x.json: images: expected at least one"), none::getMessage);
  }

  @Test
  void drawsAsManyOfEachCategoryBySeed() {
    List<CocoAnnotation> objects = new ArrayList<>();
    for (int i = 1; i <= 30; i++) {
      objects.add(box(i, i <= 25 ? 0 : 1, 1, 1, 9, 9));
    }
    CocoDataset data = dataset(images(30), objects.toArray(CocoAnnotation[]::new));
    CocoDataset drawn = Selection.draw(data, new Subset(7, 1));
    assertEquals(7 + 5, drawn.images().size());
    assertEquals(7, drawn.images().stream().filter(image -> image.id() <= 25).count());
    assertEquals(drawn, Selection.draw(data, new Subset(7, 1)));
    assertNotEquals(drawn, Selection.draw(data, new Subset(7, 2)));
    assertEquals(data, Selection.draw(data, new Subset(1000, 1)));
  }

  @Test
  void theDigestSeesNamesAndSizesAndTheirBorders() {
    Set<String> seen = new HashSet<>();
    for (List<CocoImage> images :
        List.of(
            List.of(new CocoImage(1, "ab", 9, 9)),
            List.of(new CocoImage(1, "a", 9, 9)),
            List.of(new CocoImage(2, "a", 9, 9)),
            List.<CocoImage>of())) {
      DataDigest digest = new DataDigest();
      digest.addImages(dataset(images), new Gradient());
      assertTrue(seen.add(digest.hex()), images.toString());
    }
    // SHA-256 of nothing.
    assertTrue(seen.contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assertFalse(seen.contains(""));
  }
}
