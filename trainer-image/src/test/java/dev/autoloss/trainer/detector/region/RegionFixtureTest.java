package dev.autoloss.trainer.detector.region;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.detector.region.Anchors.Extent;
import dev.autoloss.trainer.detector.region.RegionAlign.Grid;
import dev.autoloss.trainer.detector.region.RegionAlign.Maps;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of the published code for single operations on boxes, and closed forms. */
class RegionFixtureTest {
  private static final List<BoxCoder> CODERS =
      List.of(
          new BoxCoder(1, 1, 1, 1),
          new BoxCoder(.1f, .1f, .2f, .2f),
          new BoxCoder(.05f, .05f, .1f, .1f),
          new BoxCoder(.033f, .033f, .067f, .067f));

  private final Fixture ops = Fixture.read("ops");

  @ParameterizedTest
  @CsvSource({"2, 16, 4, 6", "4, 64, 1, 2"})
  void anchorsAreThoseOfThePublishedCode(int level, int stride, int height, int width) {
    assertArrayEquals(
        ops.floats("anchor.rpn_level" + level),
        Anchors.of(Points.of(height, width, stride, 0), stride, 8, false),
        1e-5f);
    float[] base = Arrays.copyOfRange(ops.floats("anchor.rpn_base"), 12 * level, 12 * level + 12);
    assertArrayEquals(base, Anchors.of(Points.of(1, 1, stride, 0), stride, 8, false), 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void roundedAnchorsAreTorchvisions(int level) {
    float[] base = Arrays.copyOfRange(ops.floats("anchor.tv_base"), 12 * level, 12 * level + 12);
    int stride = 4 << level;
    assertArrayEquals(base, Anchors.of(Points.of(1, 1, stride, 0), stride, 8, true));
  }

  @Test
  void anchorsOutsideOfTheImageAreNotUsable() {
    int at = 0;
    long[] inside = ops.longs("anchor.rpn_inside_border0_60x90");
    int[][] sizes = {{4, 16, 24}, {8, 8, 12}, {16, 4, 6}, {32, 2, 3}, {64, 1, 2}};
    for (int[] size : sizes) {
      var points = Points.of(size[1], size[2], size[0], 0);
      float[] anchors = Anchors.of(points, size[0], 8, false);
      boolean[] usable =
          Anchors.usable(anchors, points, new Extent(64, 96), Optional.of(new Extent(60, 90)));
      for (boolean one : usable) {
        assertEquals(inside[at++] == 1, one, "anchor " + at);
      }
    }
    assertEquals(inside.length, at);
  }

  @Test
  void anchorsOfThePaddingAreNotUsable() {
    var points = Points.of(4, 6, 16, 0);
    float[] anchors = Anchors.of(points, 16, 8, false);
    boolean[] usable = Anchors.usable(anchors, points, new Extent(40, 96), Optional.empty());
    for (int i = 0; i < usable.length; i++) {
      assertEquals(i / 18 < 3, usable[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void offsetsAreThoseOfThePublishedCode(int set) {
    float[] from = ops.floats("coder.src");
    BoxCoder coder = CODERS.get(set);
    float[] encoded = coder.encode(from, ops.floats("coder.gt"));
    assertRelative(ops.floats("coder.enc" + set), encoded, 1e-5f);
    float[] decoded = coder.decode(from, ops.floats("coder.delta"));
    assertRelative(ops.floats("coder.dec" + set), decoded, 1e-5f);
    assertRelative(ops.floats("coder.gt"), coder.decode(from, encoded), 1e-5f);
  }

  @Test
  void unboundedBelowOffsetsAreTorchvisions() {
    var coder = new BoxCoder(1, 1, 1, 1, false);
    float[] decoded = coder.decode(ops.floats("coder.src"), ops.floats("coder.delta"));
    assertRelative(ops.floats("coder.tv_dec"), decoded, 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({
    "anchors, rpn, .3, .7, .3, true",
    "proposals, rcnn_0.5, .5, .5, .5, false",
    "proposals, rcnn_0.6, .6, .6, .6, false",
    "proposals, rcnn_0.7, .7, .7, .7, false",
    "proposals, rcnn_lowq_.5, .5, .5, .5, true"
  })
  void candidatesGetTheObjectsOfThePublishedCode(
      String candidates, String name, float low, float high, float least, boolean lowQuality) {
    var assigner = new OverlapAssigner(low, high, least, lowQuality);
    int[] assigned = assigner.assign(ops.floats("assign." + candidates), ops.floats("assign.gt"));
    assertArrayEquals(
        LongStream.of(ops.longs("assign." + name)).mapToInt(k -> (int) k - 1).toArray(),
        IntStream.of(assigned).map(k -> k == OverlapAssigner.IGNORED ? -2 : k).toArray());
  }

  @Test
  void withoutObjectsAllIsBackground() {
    var assigner = new OverlapAssigner(.3f, .7f, .3f, true);
    assertArrayEquals(new int[] {-1, -1}, assigner.assign(new float[8], new float[0]));
  }

  @Test
  void samplesAreFilledUpWithNegativesAndRise() {
    int[] assigned = new int[100];
    Arrays.fill(assigned, OverlapAssigner.BACKGROUND);
    for (int i = 0; i < 100; i += 5) {
      assigned[i] = i % 3;
      assigned[i + 1] = OverlapAssigner.IGNORED;
    }
    for (long seed = 0; seed < 50; seed++) {
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      var sample = new RandomSampler(40, .25).sample(assigned, random);
      assertEquals(10, sample.positives().length);
      assertEquals(30, sample.negatives().length);
      for (int i : sample.positives()) {
        assertEquals(0, i % 5, "seed " + seed);
      }
      for (int i : sample.negatives()) {
        assertEquals(OverlapAssigner.BACKGROUND, assigned[i], "seed " + seed);
      }
      assertRising(sample.positives());
      assertRising(sample.negatives());
    }
    var all = new RandomSampler(1_000_000, .5).sample(assigned, null);
    assertEquals(20, all.positives().length);
    assertEquals(60, all.negatives().length);
  }

  /** Each candidate is drawn as often as any other: within five deviations of 2,000 draws. */
  @Test
  void drawsAreEven() {
    int[] counts = new int[20];
    int[] assigned = new int[20];
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    for (int draw = 0; draw < 2000; draw++) {
      for (int i : new RandomSampler(10, .5).sample(assigned, random).positives()) {
        counts[i]++;
      }
    }
    double deviation = Math.sqrt(2000 * .25 * .75);
    for (int count : counts) {
      assertEquals(500, count, 5 * deviation, Arrays.toString(counts) + " of seed 3");
    }
  }

  @Test
  void regionsGetTheMapsOfThePublishedCode() {
    float[] regions = new float[4 * 9];
    for (int i = 0; i < 9; i++) {
      System.arraycopy(ops.floats("level.rois"), 5 * i + 1, regions, 4 * i, 4);
    }
    assertArrayEquals(
        LongStream.of(ops.longs("level.repo")).mapToInt(level -> (int) level).toArray(),
        RegionAlign.levels(regions, 56, 4, Sampling.ADAPTIVE));
    // Torchvision's differs where a region is a hair smaller than a power of two alone.
    assertArrayEquals(
        RegionAlign.levels(regions, 56, 4, Sampling.ADAPTIVE),
        RegionAlign.levels(regions, 56, 4, Sampling.TWO));
  }

  /** On a map that rises evenly, a cell has the value at its centre, and each pixel comes once. */
  @Test
  void aCellOfARampIsItsCentre() {
    float[] region = {10.3f, 7.1f, 61.7f, 44.9f};
    int width = 24;
    var bags =
        RegionAlign.bags(
            region,
            new int[1],
            new int[1],
            7,
            new Maps(1, List.of(new Grid(4, 16, width))),
            Sampling.ADAPTIVE);
    for (int cell = 0; cell < 49; cell++) {
      int end = cell < 48 ? (int) bags.starts()[cell + 1] : bags.pixels().length;
      double x = 0;
      double y = 0;
      double sum = 0;
      for (int i = (int) bags.starts()[cell]; i < end; i++) {
        x += bags.weights()[i] * (bags.pixels()[i] % width);
        y += bags.weights()[i] * Math.floorDiv(bags.pixels()[i], width);
        sum += bags.weights()[i];
      }
      assertEquals(1, sum, 1e-6);
      assertEquals((10.3 + (cell % 7 + .5) * 51.4 / 7) / 4 - .5, x, 1e-5);
      assertEquals((7.1 + (Math.floorDiv(cell, 7) + .5) * 37.8 / 7) / 4 - .5, y, 1e-5);
    }
  }

  private static void assertRising(int[] numbers) {
    for (int i = 1; i < numbers.length; i++) {
      assertEquals(true, numbers[i] > numbers[i - 1]);
    }
  }

  private static void assertRelative(float[] expected, float[] found, float tolerance) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance * Math.max(1, Math.abs(expected[i])));
    }
  }
}
