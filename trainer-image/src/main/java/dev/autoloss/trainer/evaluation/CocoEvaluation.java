package dev.autoloss.trainer.evaluation;

import dev.autoloss.api.Metrics;
import dev.autoloss.trainer.data.CocoAnnotation;
import dev.autoloss.trainer.data.CocoDataset;
import dev.autoloss.trainer.data.CocoImage;
import dev.autoloss.trainer.data.DetectedBox;
import dev.autoloss.trainer.data.Detections;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * COCO's average precision and recall of boxes, equal to pycocotools 2.0 {@code COCOeval(gt, dt,
 * "bbox")}: IoU .50:.05:.95, 101 recall points, at most 100 detections of an image and class,
 * crowds and objects outside an area range ignored. One difference: there an object whose
 * annotation id is 0 is never counted as found; here ids play no part.
 */
public final class CocoEvaluation {
  private static final int THRESHOLDS = 10;

  /** What an image holds of one class. */
  private record Contents(List<DetectedBox> detections, List<CocoAnnotation> objects) {
    Contents() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private final List<List<Matching>> classes = new ArrayList<>();

  private CocoEvaluation(CocoDataset groundTruth, List<DetectedBox> detections, Shape shape) {
    int count = groundTruth.categories().count();
    Map<Long, Map<Integer, Contents>> images = new HashMap<>();
    for (CocoImage image : groundTruth.images()) {
      images.put(image.id(), new HashMap<>());
    }
    for (CocoAnnotation object : groundTruth.annotations()) {
      contents(images, object.imageId(), object.label()).objects().add(object);
    }
    for (DetectedBox box : detections) {
      contents(images, box.imageId(), box.label()).detections().add(box);
    }
    for (int label = 0; label < count; label++) {
      List<Matching> matchings = new ArrayList<>();
      for (CocoImage image : groundTruth.images()) {
        Contents contents = images.getOrDefault(image.id(), Map.of()).get(label);
        if (contents != null) {
          matchings.add(new Matching(contents.detections(), contents.objects(), shape));
        }
      }
      classes.add(matchings);
    }
  }

  private static Contents contents(
      Map<Long, Map<Integer, Contents>> images, long imageId, int label) {
    Map<Integer, Contents> byLabel = images.get(imageId);
    if (byLabel == null) {
      throw new IllegalArgumentException("image " + imageId + " is not in the ground truth");
    }
    return byLabel.computeIfAbsent(label, _ -> new Contents());
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
    return new CocoEvaluation(groundTruth, detections, shape).metrics();
  }

  private Metrics metrics() {
    List<List<Matching.Matches>> matches = match(AreaRange.ALL);
    List<PrecisionRecall> all = accumulate(matches, 100);
    List<PrecisionRecall> small = accumulate(match(AreaRange.SMALL), 100);
    List<PrecisionRecall> medium = accumulate(match(AreaRange.MEDIUM), 100);
    List<PrecisionRecall> large = accumulate(match(AreaRange.LARGE), 100);
    return new Metrics(
        mean(all, PrecisionRecall::precision),
        mean(all, curve -> new double[] {curve.precision()[0]}),
        mean(all, curve -> new double[] {curve.precision()[5]}),
        mean(small, PrecisionRecall::precision),
        mean(medium, PrecisionRecall::precision),
        mean(large, PrecisionRecall::precision),
        mean(accumulate(matches, 1), PrecisionRecall::recall),
        mean(accumulate(matches, 10), PrecisionRecall::recall),
        mean(all, PrecisionRecall::recall),
        mean(small, PrecisionRecall::recall),
        mean(medium, PrecisionRecall::recall),
        mean(large, PrecisionRecall::recall));
  }

  private List<List<Matching.Matches>> match(AreaRange range) {
    double[] thresholds = new double[THRESHOLDS];
    for (int i = 0; i < THRESHOLDS; i++) {
      // As numpy.linspace(.5, .95, 10) computes them, the last bit included.
      thresholds[i] = i == THRESHOLDS - 1 ? .95 : i * ((.95 - .5) / (THRESHOLDS - 1)) + .5;
    }
    return classes.stream()
        .map(images -> images.stream().map(image -> image.match(range, thresholds)).toList())
        .toList();
  }

  /** Leaves out the classes that have nothing to be found. */
  private static List<PrecisionRecall> accumulate(
      List<List<Matching.Matches>> classes, int maxDetections) {
    return classes.stream()
        .filter(images -> images.stream().anyMatch(image -> image.positives() > 0))
        .map(images -> PrecisionRecall.of(images, THRESHOLDS, maxDetections))
        .toList();
  }

  private static double mean(
      List<PrecisionRecall> classes, Function<PrecisionRecall, double[]> values) {
    OptionalDouble mean = classes.stream().map(values).flatMapToDouble(Arrays::stream).average();
    return mean.orElse(-1);
  }
}
