package dev.autoloss.trainer.evaluation;

import dev.autoloss.api.Metrics;
import dev.autoloss.trainer.data.Categories;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.Detections;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * COCO's average precision and recall of boxes, equal to pycocotools 2.0 {@code COCOeval(gt, dt,
 * "bbox")}: IoU .50:.05:.95, 101 recall points, at most 100 detections of an image and class,
 * crowds and objects outside an area range ignored. One difference: there an object whose
 * annotation id is 0 is never counted as found; here ids play no part.
 */
public final class CocoEvaluation {
  private static final int AT_50 = 0;
  private static final int AT_75 = 5;

  /** What an image holds of one class. */
  private record Contents(List<DetectedBox> detections, List<CocoAnnotation> objects) {
    Contents() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private final Categories categories;
  private final List<ClassMatches> classes;

  private CocoEvaluation(Categories categories, List<ClassMatches> classes) {
    this.categories = categories;
    this.classes = classes;
  }

  /**
   * Evaluates boxes or masks of detections in COCO's own form; classes are evaluated in parallel.
   *
   * @param groundTruth all images that were looked at, with their objects, crowds among them
   * @param detections in any order; where scores are equal, the earlier goes first
   * @param shape what is compared
   * @return the evaluation
   * @throws IllegalArgumentException if a detection lies in no image of the ground truth, or a mask
   *     is to be compared and is not there
   */
  public static CocoEvaluation of(
      CocoDataset groundTruth, List<DetectedBox> detections, Shape shape) {
    Map<Long, Integer> places = new HashMap<>();
    groundTruth.images().forEach(image -> places.put(image.id(), places.size()));
    int images = places.size();
    int count = Math.multiplyExact(images, groundTruth.categories().count());
    @Nullable Contents[] all = new @Nullable Contents[count];
    for (CocoAnnotation object : groundTruth.annotations()) {
      contents(all, object.label() * images, places, object.imageId()).objects().add(object);
    }
    for (DetectedBox box : detections) {
      contents(all, box.label() * images, places, box.imageId()).detections().add(box);
    }
    List<ClassMatches> classes =
        IntStream.range(0, groundTruth.categories().count())
            .parallel()
            .mapToObj(label -> matches(all, label * images, (label + 1) * images, shape))
            .toList();
    return new CocoEvaluation(groundTruth.categories(), classes);
  }

  private static Contents contents(
      @Nullable Contents[] all, int first, Map<Long, Integer> places, long imageId) {
    Integer place = places.get(imageId);
    if (place == null) {
      throw new IllegalArgumentException("image " + imageId + " is not in the ground truth");
    }
    Contents known = all[first + place];
    if (known == null) {
      known = new Contents();
      all[first + place] = known;
    }
    return known;
  }

  private static ClassMatches matches(@Nullable Contents[] all, int from, int to, Shape shape) {
    List<Matching> matchings = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Contents image = all[i];
      if (image != null) {
        matchings.add(new Matching(image.detections(), image.objects(), shape));
      }
    }
    return new ClassMatches(matchings);
  }

  /**
   * Evaluates what a detector found.
   *
   * @param groundTruth all images that were looked at, with their objects, crowds among them
   * @param detections at most one element for each image
   * @return the twelve numbers; −1 where there is nothing to be found
   * @throws IllegalArgumentException if a detection lies in no image of the ground truth
   */
  public static Metrics evaluate(CocoDataset groundTruth, List<Detections> detections) {
    return evaluateBoxes(groundTruth, DetectedBox.of(detections));
  }

  /**
   * Evaluates detections in COCO's own form.
   *
   * @param groundTruth all images that were looked at, with their objects, crowds among them
   * @param detections in any order; where scores are equal, the earlier goes first
   * @return the twelve numbers; −1 where there is nothing to be found
   * @throws IllegalArgumentException if a detection lies in no image of the ground truth
   */
  public static Metrics evaluateBoxes(CocoDataset groundTruth, List<DetectedBox> detections) {
    return evaluate(groundTruth, detections, Shape.BOX);
  }

  /**
   * Evaluates boxes or masks of detections in COCO's own form.
   *
   * @param groundTruth all images that were looked at, with their objects, crowds among them
   * @param detections in any order; where scores are equal, the earlier goes first
   * @param shape what is compared
   * @return the twelve numbers; −1 where there is nothing to be found
   * @throws IllegalArgumentException if a detection lies in no image of the ground truth, or a mask
   *     is to be compared and is not there
   */
  public static Metrics evaluate(
      CocoDataset groundTruth, List<DetectedBox> detections, Shape shape) {
    return of(groundTruth, detections, shape).metrics();
  }

  /**
   * The twelve numbers over all categories that have something to be found.
   *
   * @return −1 where there is nothing to be found
   */
  public Metrics metrics() {
    return metrics(classes);
  }

  /**
   * The same category by category.
   *
   * @return one for each category
   */
  public List<CategoryResult> categories() {
    List<CategoryResult> results = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      ClassMatches own = classes.get(label);
      List<List<Double>> precision =
          own.curve(AreaRange.ALL, Matching.MAX_DETECTIONS).stream()
              .flatMap(curve -> IntStream.of(AT_50, AT_75).mapToObj(t -> curve.precision()[t]))
              .map(points -> Arrays.stream(points).boxed().toList())
              .toList();
      results.add(
          new CategoryResult(
              categories.ids().get(label),
              categories.names().get(label),
              own.positives(AreaRange.ALL),
              metrics(List.of(own)),
              precision));
    }
    return results;
  }

  private static Metrics metrics(List<ClassMatches> classes) {
    List<PrecisionRecall> all = curves(classes, AreaRange.ALL, Matching.MAX_DETECTIONS);
    List<PrecisionRecall> small = curves(classes, AreaRange.SMALL, Matching.MAX_DETECTIONS);
    List<PrecisionRecall> medium = curves(classes, AreaRange.MEDIUM, Matching.MAX_DETECTIONS);
    List<PrecisionRecall> large = curves(classes, AreaRange.LARGE, Matching.MAX_DETECTIONS);
    return new Metrics(
        mean(all, PrecisionRecall::averages),
        mean(all, curve -> new double[] {curve.average(AT_50)}),
        mean(all, curve -> new double[] {curve.average(AT_75)}),
        mean(small, PrecisionRecall::averages),
        mean(medium, PrecisionRecall::averages),
        mean(large, PrecisionRecall::averages),
        mean(curves(classes, AreaRange.ALL, 1), PrecisionRecall::recall),
        mean(curves(classes, AreaRange.ALL, 10), PrecisionRecall::recall),
        mean(all, PrecisionRecall::recall),
        mean(small, PrecisionRecall::recall),
        mean(medium, PrecisionRecall::recall),
        mean(large, PrecisionRecall::recall));
  }

  /** Leaves out the classes that have nothing to be found. */
  private static List<PrecisionRecall> curves(
      List<ClassMatches> classes, AreaRange range, int maxDetections) {
    return classes.parallelStream()
        .flatMap(one -> one.curve(range, maxDetections).stream())
        .toList();
  }

  private static double mean(
      List<PrecisionRecall> classes, Function<PrecisionRecall, double[]> values) {
    OptionalDouble mean = classes.stream().map(values).flatMapToDouble(Arrays::stream).average();
    return mean.orElse(-1);
  }
}
