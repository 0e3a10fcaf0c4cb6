package dev.autoloss.trainer.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.trainer.Fixture;
import dev.autoloss.trainer.detector.region.Boxes;
import dev.autoloss.trainer.detector.region.MaskCrop;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class MaskTest {
  private static Bitmap drawn(RandomGenerator random, double share) {
    int height = random.nextInt(1, 40);
    int width = random.nextInt(1, 40);
    boolean[] pixels = new boolean[height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextDouble() < share;
    }
    return new Bitmap(height, width, pixels);
  }

  @Test
  void runLengthsComeBackFromEveryForm() {
    for (long seed = 0; seed < 200; seed++) {
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      Bitmap mask = drawn(random, seed % 5 / 4.);
      RunLengths runs = RunLengths.of(mask);
      assertArrayEquals(mask.pixels(), runs.bitmap().pixels(), "seed " + seed);
      RunLengths read = RunLengths.parse(mask.height(), mask.width(), runs.compressed());
      assertArrayEquals(runs.counts(), read.counts(), "seed " + seed);
      int area = 0;
      for (boolean inside : mask.pixels()) {
        area += inside ? 1 : 0;
      }
      assertEquals(area, runs.area(), "seed " + seed);
      assertEquals(area, runs.intersection(runs), "seed " + seed);
      assertArrayEquals(bounds(mask), runs.bounds(), "seed " + seed);
    }
  }

  private static double[] bounds(Bitmap mask) {
    int left = mask.width();
    int top = mask.height();
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.pixels()[y * mask.width() + x]) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    return right == 0 ? new double[4] : new double[] {left, top, right - left, bottom - top};
  }

  @Test
  void intersectionCountsPixels() {
    for (long seed = 0; seed < 100; seed++) {
      var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      Bitmap a = drawn(random, .4);
      boolean[] pixels = new boolean[a.pixels().length];
      int both = 0;
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = random.nextBoolean();
        both += pixels[i] && a.pixels()[i] ? 1 : 0;
      }
      RunLengths b = RunLengths.of(new Bitmap(a.height(), a.width(), pixels));
      assertEquals(both, RunLengths.of(a).intersection(b), "seed " + seed);
    }
  }

  /** The text is the COCO API's own of this mask. */
  @Test
  void aSquareAsPolygonAndAsText() {
    RunLengths square = RunLengths.of(6, 5, List.of(new double[] {1, 2, 4, 2, 4, 5, 1, 5}));
    assertEquals(9, square.area());
    assertArrayEquals(new double[] {1, 2, 3, 3}, square.bounds());
    assertArrayEquals(new int[] {8, 3, 3, 3, 3, 3, 7}, square.counts());
    RunLengths two =
        RunLengths.of(
            6,
            5,
            List.of(new double[] {1, 2, 4, 2, 4, 5, 1, 5}, new double[] {0, 0, 2, 0, 2, 3, 0, 3}));
    assertEquals(9 + 6 - 1, two.area());
  }

  @Test
  void wrongRunLengthsSayWhatIsWrong() {
    assertMistake("runs of 5 pixels do not fill 2 × 3", () -> new RunLengths(2, 3, new int[] {5}));
    assertMistake("a run of -1 pixels", () -> new RunLengths(2, 3, new int[] {7, -1}));
    assertMistake("no compressed run lengths at offset 1", () -> RunLengths.parse(2, 3, "1\u00e9"));
    assertMistake("no compressed run lengths at offset 0", () -> RunLengths.parse(2, 3, "P"));
  }

  private static void assertMistake(String message, Runnable task) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, task::run).getMessage());
  }

  @Test
  void partsOfMasksAreThoseOfThePublishedCode() {
    Fixture ops = Fixture.read("ops");
    Fixture.Entry masks = ops.get("mask.gt");
    int height = (int) masks.shape()[1];
    int width = (int) masks.shape()[2];
    long[] objects = ops.longs("mask.inds");
    for (int i = 0; i < objects.length; i++) {
      boolean[] pixels = new boolean[height * width];
      for (int pixel = 0; pixel < pixels.length; pixel++) {
        pixels[pixel] = masks.longs()[(int) objects[i] * pixels.length + pixel] == 1;
      }
      float[] box = Boxes.pick(ops.floats("mask.boxes"), new int[] {i});
      float[] part = MaskCrop.of(new Bitmap(height, width, pixels), box, 28);
      for (int cell = 0; cell < part.length; cell++) {
        assertEquals(
            ops.longs("mask.target")[i * part.length + cell], (long) part[cell], "cell " + cell);
      }
    }
  }

  @Test
  void resizingTakesTheNearestPixelAndFlips() {
    var mask = new Bitmap(1, 4, new boolean[] {true, false, false, true});
    assertArrayEquals(new boolean[] {true, false}, mask.resized(1, 2, false).pixels());
    assertArrayEquals(new boolean[] {false, true}, mask.resized(1, 2, true).pixels());
    boolean[] twice = mask.resized(2, 8, false).pixels();
    assertTrue(twice[0] && twice[1] && !twice[2] && twice[15]);
  }
}
