package dev.autoloss.trainer.data;

import dev.autoloss.api.Subset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;

/** Which images and boxes of a data set are trained on. */
public final class Selection {
  private static final int MIN_SIDE = 32;

  private Selection() {}

  /**
   * Keeps the images that can be trained on: with an annotation (a crowd counts, as in the
   * reference implementation, mmdet 2.8 {@code CocoDataset}) and at least 32 pixels on the shorter
   * side of the original.
   *
   * @param dataset any
   * @return at least one image
   * @throws DataException if none remains
   */
  public static CocoDataset trainable(CocoDataset dataset) {
    Set<Long> annotated = dataset.annotationsByImage().keySet();
    List<CocoImage> kept =
        dataset.images().stream()
            .filter(image -> annotated.contains(image.id()))
            .filter(image -> Math.min(image.width(), image.height()) >= MIN_SIDE)
            .toList();
    if (kept.isEmpty()) {
      throw new DataException(
          dataset.file()
              + ": images: expected at least one with an annotation and 32 pixels a side");
    }
    return dataset.only(kept);
  }

  /**
   * Draws images for each category; an image that was drawn for several is kept once.
   *
   * @param dataset any
   * @param subset how many for each category, and the seed; a category with fewer gives all
   * @return the drawn images, in the data set's order
   */
  public static CocoDataset draw(CocoDataset dataset, Subset subset) {
    Map<Integer, Set<Long>> byLabel =
        dataset.annotations().stream()
            .filter(object -> !object.crowd())
            .collect(
                Collectors.groupingBy(
                    CocoAnnotation::label,
                    Collectors.mapping(
                        CocoAnnotation::imageId, Collectors.toCollection(TreeSet::new))));
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(subset.seed());
    Set<Long> drawn = new TreeSet<>();
    for (int label = 0; label < dataset.categories().count(); label++) {
      List<Long> ids = new ArrayList<>(byLabel.getOrDefault(label, Set.of()));
      Collections.sort(ids);
      Collections.shuffle(ids, random);
      drawn.addAll(ids.subList(0, Math.min(ids.size(), subset.imagesPerCategory())));
    }
    return dataset.only(
        dataset.images().stream().filter(image -> drawn.contains(image.id())).toList());
  }

  /**
   * Tells whether a box is trained on: no crowd, at least one pixel wide and high, and it overlaps
   * its image.
   */
  static boolean isTrainable(CocoAnnotation object, CocoImage image) {
    return !object.crowd()
        && object.width() >= 1
        && object.height() >= 1
        && object.x() < image.width()
        && object.y() < image.height()
        && object.x() + object.width() > 0
        && object.y() + object.height() > 0;
  }
}
