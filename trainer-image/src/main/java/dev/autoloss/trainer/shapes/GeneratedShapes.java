package dev.autoloss.trainer.shapes;

import dev.autoloss.api.ShapesSource;
import dev.autoloss.api.Split;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.ImageStore;
import dev.autoloss.trainer.data.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGeneratorFactory;

/**
 * One split of the generated set: circles, squares and triangles; the colour hints at the class,
 * the form tells it. Boxes enclose exactly the visible pixels. Image, place and noise come from the
 * seed, the split and the position of the image alone; nothing is kept in memory but the boxes.
 */
public final class GeneratedShapes implements ImageStore {
  private static final Categories CATEGORIES =
      new Categories(List.of(1L, 2L, 3L), List.of("circle", "square", "triangle"));

  private final ShapesSource source;
  private final Split split;
  private final CocoDataset dataset;

  /**
   * Draws the boxes of a split; there are no images to test on.
   *
   * @param source seed, counts and size
   * @param split which images
   */
  public GeneratedShapes(ShapesSource source, Split split) {
    this.source = source;
    this.split = split;
    int count =
        switch (split) {
          case TRAIN -> source.trainImages();
          case VALIDATION -> source.validationImages();
          case TEST -> 0;
        };
    String name = nameOf(split);
    List<CocoImage> images = new ArrayList<>();
    List<CocoAnnotation> objects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long id = i + 1L;
      images.add(
          new CocoImage(id, "%s-%05d.png".formatted(name, i), source.width(), source.height()));
      objects.addAll(scene(id).objects(id));
    }
    this.dataset = new CocoDataset("shapes/" + name + ".json", CATEGORIES, images, objects);
  }

  /**
   * Names a split as files do.
   *
   * @param split any
   * @return a word in small letters
   */
  static String nameOf(Split split) {
    return switch (split) {
      case TRAIN -> "train";
      case VALIDATION -> "validation";
      case TEST -> "test";
    };
  }

  private Scene scene(long id) {
    // Far apart for any two images of one seed, and for neighbouring seeds.
    long place = 2 * id + (split == Split.TRAIN ? 0 : 1);
    long mixed = source.seed() * 0x9E3779B97F4A7C15L + place * 0xD1342543DE82EF95L;
    return new Scene(
        source.width(),
        source.height(),
        RandomGeneratorFactory.of("L64X128MixRandom").create(mixed));
  }

  /**
   * The images and boxes.
   *
   * @return ids from 1
   */
  public CocoDataset dataset() {
    return dataset;
  }

  @Override
  public RgbImage read(CocoImage image) {
    return scene(image.id()).paint();
  }

  @Override
  public long size(CocoImage image) {
    return 3L * image.width() * image.height();
  }
}
