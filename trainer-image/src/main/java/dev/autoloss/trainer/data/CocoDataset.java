package dev.autoloss.trainer.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The images and objects of one COCO file.
 *
 * @param file the file as messages name it
 * @param categories the classes
 * @param images in rising order of their ids
 * @param annotations in the file's order; each lies in one of the images
 */
public record CocoDataset(
    String file, Categories categories, List<CocoImage> images, List<CocoAnnotation> annotations) {
  /** Copies the lists. */
  public CocoDataset {
    images = List.copyOf(images);
    annotations = List.copyOf(annotations);
  }

  /**
   * Groups the objects by image.
   *
   * @return the objects of each image that has any, in the file's order
   */
  public Map<Long, List<CocoAnnotation>> annotationsByImage() {
    Map<Long, List<CocoAnnotation>> byImage = new HashMap<>();
    for (CocoAnnotation annotation : annotations) {
      byImage.computeIfAbsent(annotation.imageId(), _ -> new ArrayList<>()).add(annotation);
    }
    return byImage;
  }

  /**
   * Keeps some of the images and what lies in them.
   *
   * @param kept images of this data set, in the order that the result has
   * @return a data set with the same categories
   */
  CocoDataset only(List<CocoImage> kept) {
    Map<Long, List<CocoAnnotation>> byImage = annotationsByImage();
    List<CocoAnnotation> remaining = new ArrayList<>();
    for (CocoImage image : kept) {
      remaining.addAll(byImage.getOrDefault(image.id(), List.of()));
    }
    return new CocoDataset(file, categories, kept, remaining);
  }
}
