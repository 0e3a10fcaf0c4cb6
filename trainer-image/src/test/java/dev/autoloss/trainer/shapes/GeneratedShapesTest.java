package dev.autoloss.trainer.shapes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.CocoReader;
import dev.autoloss.trainer.data.ImageFolder;
import dev.autoloss.trainer.data.ImageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedShapesTest {
  private static final ShapesSource SOURCE = new ShapesSource(1, 40, 20, 96, 80);

  @TempDir Path folder;

  @Test
  void theFolderHoldsWhatTheTrainerDraws() throws IOException {
    ShapesFolder.write(new ShapesSource(1, 5, 3, 96, 80), folder);
    for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
      String name = GeneratedShapes.nameOf(split);
      GeneratedShapes drawn = new GeneratedShapes(new ShapesSource(1, 5, 3, 96, 80), split);
      CocoDataset read =
          CocoReader.read(folder.resolve("annotations").resolve(name + ".json"), "x");
      assertEquals(drawn.dataset().images(), read.images());
      assertEquals(drawn.dataset().annotations(), read.annotations());
      assertEquals(drawn.dataset().categories(), read.categories());
      ImageStore images = new ImageFolder(folder.resolve("images"), "images");
      for (CocoImage image : read.images()) {
        assertArrayEquals(drawn.read(image).pixels(), images.read(image).pixels());
      }
    }
  }

  @Test
  void imagesDependOnSeedSplitAndPositionAlone() {
    GeneratedShapes many = new GeneratedShapes(SOURCE, Split.TRAIN);
    GeneratedShapes few = new GeneratedShapes(new ShapesSource(1, 3, 1, 96, 80), Split.TRAIN);
    CocoImage second = few.dataset().images().get(1);
    byte[] pixels = few.read(second).pixels();
    assertArrayEquals(pixels, many.read(second).pixels());
    GeneratedShapes validation = new GeneratedShapes(SOURCE, Split.VALIDATION);
    GeneratedShapes otherSeed = new GeneratedShapes(new ShapesSource(2, 3, 1, 96, 80), Split.TRAIN);
    assertFalse(Arrays.equals(pixels, validation.read(second).pixels()));
    assertFalse(Arrays.equals(pixels, otherSeed.read(second).pixels()));
  }

  @Test
  void everyClassIsCommonAndObjectsAreOfManySizes() {
    List<CocoAnnotation> objects = new GeneratedShapes(SOURCE, Split.TRAIN).dataset().annotations();
    for (int label = 0; label < 3; label++) {
      int wanted = label;
      long count = objects.stream().filter(object -> object.label() == wanted).count();
      assertTrue(count > objects.size() / 5, label + " " + count);
    }
    double least = objects.stream().mapToDouble(CocoAnnotation::area).min().orElseThrow();
    double most = objects.stream().mapToDouble(CocoAnnotation::area).max().orElseThrow();
    assertTrue(most > 10 * least, least + " " + most);
  }

  /** One shape alone: its box by calculus, to the pixel. */
  @Test
  void boxesEncloseTheShape() {
    Shape circle = new Shape(Shape.Kind.CIRCLE, 30, 40, 10, 0, 0);
    Shape square = new Shape(Shape.Kind.SQUARE, 30, 40, 10 * Math.sqrt(2), 0, 0);
    Shape turned = new Shape(Shape.Kind.SQUARE, 30, 40, 10, Math.PI / 4, 0);
    Shape triangle = new Shape(Shape.Kind.TRIANGLE, 30, 40, 20, 0, 0);
    assertArrayEquals(new int[] {20, 30, 40, 50}, bounds(circle));
    assertArrayEquals(new int[] {20, 30, 40, 50}, bounds(square));
    assertEquals(20 * 20, area(square));
    assertEquals(Math.PI * 100, area(circle), 8);
    assertEquals(2 * 10 * 10, area(turned), 12);
    // Side 20 · √3, height 30.
    assertEquals(20 * Math.sqrt(3) * 30 / 2, area(triangle), 15);
    int[] found = bounds(triangle);
    assertEquals(20, found[0]);
    assertEquals(50, found[2], 1);
    assertEquals(40 - 10 * Math.sqrt(3), found[1], 1);
  }

  private static int[] bounds(Shape shape) {
    int[] box = {1000, 1000, 0, 0};
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 100; x++) {
        if (shape.covers(x, y)) {
          box[0] = Math.min(box[0], x);
          box[1] = Math.min(box[1], y);
          box[2] = Math.max(box[2], x + 1);
          box[3] = Math.max(box[3], y + 1);
        }
      }
    }
    return box;
  }

  private static int area(Shape shape) {
    int area = 0;
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 100; x++) {
        area += shape.covers(x, y) ? 1 : 0;
      }
    }
    return area;
  }

  @Test
  void scenesOfAnySizeHaveObjectsWithinTheImage() {
    for (int seed = 0; seed < 300; seed++) {
      int width = 32 + seed % 70;
      int height = 32 + seed % 41;
      Scene scene =
          new Scene(width, height, RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
      List<CocoAnnotation> objects = scene.objects(1);
      assertFalse(objects.isEmpty(), "seed " + seed);
      for (CocoAnnotation object : objects) {
        assertTrue(
            object.x() >= 0
                && object.y() >= 0
                && object.width() >= 1
                && object.height() >= 1
                && object.x() + object.width() <= width
                && object.y() + object.height() <= height
                && object.area() <= object.width() * object.height(),
            "seed " + seed + " " + object);
      }
    }
  }
}
